// Monaco and the dialogs write style elements. The page's Content-Security-Policy lets in those with the page's nonce.
const { nonce } = document.querySelector("meta[property=csp-nonce]");
const createElement = document.createElement.bind(document);

document.createElement = (name, options) => {
  const element = createElement(name, options);
  if (name === "style") {
    element.nonce = nonce;
  }
  return element;
};
