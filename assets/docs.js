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

  // A demo says whom to sign in as. The form belongs to React, which hears of a value only by an event.
  const demo = document.querySelector("meta[name=demo]");
  const fill = (id, value) => {
    const field = document.getElementById(id);
    if (!field || field.value) return;
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set.call(field, value);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };

  // "Authorize" opens with the cursor in its last form; signing in is the first.
  let signing = null;
  new MutationObserver(() => {
    const field = document.getElementById("oauth_username");
    if (field && field !== signing) {
      requestAnimationFrame(() => {
        if (demo) {
          fill("oauth_username", demo.dataset.username);
          fill("oauth_password", demo.dataset.password);
        }
        field.focus({ preventScroll: true });
        const forms = field.closest(".modal-ux-content");
        if (forms) forms.scrollTop = 0;
      });
    }
    signing = field;
  }).observe(document.body, { childList: true, subtree: true });
});
