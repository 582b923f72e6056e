// The bundled Swagger UI reads OpenAPI 3.0 only. The document is 3.1; what we use of it is shown the same under
// the older number. /openapi.json itself stays as it is.
fetch("/openapi.json")
  .then((answer) => answer.json())
  .then((document) =>
    SwaggerUIBundle({
      dom_id: "#api",
      spec: { ...document, openapi: "3.0.3" },
      deepLinking: true,
      docExpansion: "none",
      filter: true,
      validatorUrl: null,
    })
  );
