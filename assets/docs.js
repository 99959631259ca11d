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
});
