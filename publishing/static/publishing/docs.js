// Starts Swagger UI on the page of the feed's description; without it the page says all in words.
"use strict";

const place = document.getElementById("try");
window.SwaggerUIBundle({
  domNode: place,
  url: place.dataset.schema,
  deepLinking: false, // the page's own anchors explain the problems
  docExpansion: "list",
  validatorUrl: null, // would be asked at another site
  supportedSubmitMethods: ["get", "post"],
});
