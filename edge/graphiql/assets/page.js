const place = document.getElementById("graphiql");

const editor = React.createElement(GraphiQL, {
  fetcher: GraphiQL.createFetcher({ url: location.pathname }),
  defaultQuery: place.dataset.defaultQuery,
  defaultEditorToolsVisibility: "headers",
  isHeadersEditorEnabled: true,
  shouldPersistHeaders: false, // they hold the caller's session
});

ReactDOM.createRoot(place).render(editor);
