/** What the service told the page: `GraphiQLSettings` of edge/graphiql/. */
export const settings = JSON.parse(document.getElementById("settings").textContent);
