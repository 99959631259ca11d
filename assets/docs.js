// Starts Swagger UI. "Authorize" sends the password form to the document's token endpoint on this server; the token stays
// in this page and is forgotten with it.
window.addEventListener("load", () => {
  window.ui = SwaggerUIBundle({
    url: "/openapi.json",
    dom_id: "#swagger-ui",
    presets: [SwaggerUIBundle.presets.apis],
    layout: "BaseLayout",
    deepLinking: true,
    displayRequestDuration: true,
    filter: true,
    persistAuthorization: false,
    tryItOutEnabled: true,
    // The default would send the document to its maker's server.
    validatorUrl: null,
  });

  // "Authorize" opens with the cursor in its last form; signing in is the first.
  let signing = null;
  new MutationObserver(() => {
    const field = document.getElementById("oauth_username");
    if (field && field !== signing) {
      requestAnimationFrame(() => {
        field.focus({ preventScroll: true });
        const forms = field.closest(".modal-ux-content");
        if (forms) forms.scrollTop = 0;
      });
    }
    signing = field;
  }).observe(document.body, { childList: true, subtree: true });
});
