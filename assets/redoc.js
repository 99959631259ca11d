// Starts ReDoc with the fonts that the machine has: its own would come from elsewhere.
window.addEventListener("load", () => {
  const family = "system-ui, sans-serif";
  Redoc.init(
    "/openapi.json",
    {
      disableGoogleFont: true,
      hideDownloadButton: false,
      downloadUrls: [
        { title: "YAML", url: "/openapi.yaml" },
        { title: "JSON", url: "/openapi.json" },
      ],
      theme: { typography: { fontFamily: family, headings: { fontFamily: family } } },
    },
    document.getElementById("redoc"),
  );
});
