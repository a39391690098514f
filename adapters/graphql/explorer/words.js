// The page's own words. What the API answers is worded by the API, in the language of Accept-Language.
export const WORDS = {
  en: {
    title: "explorer", key: "API key", noKey: "No key yet", badKey: "This key opens nothing", language: "Language",
    examples: "Examples", schema: "Schema", query: "Query", variables: "Variables", run: "Run", fill: "Fill in ids",
    answer: "Answer", copy: "Copy", copyCurl: "Copy as curl", copied: "Copied", running: "Waiting for the answer",
    away: "Istmo does not answer", notJson: "The variables are no JSON", searchExamples: "Search examples",
    searchSchema: "Search types, fields, descriptions", needKey: "Give a key to see the schema", none: "Nothing found",
    queries: "Queries", mutations: "Mutations", types: "Types", back: "All types",
    use: "Write this call", placeholders: "Replace the words in <...> by ids of yours", filled: "Every id is filled in",
    notFilled: "No id found for: ", deprecated: "Deprecated. ", withErrors: "with errors", plus: "or stronger",
  },
  es: {
    title: "explorador", key: "Clave de API", noKey: "Todavía sin clave", badKey: "Esta clave no abre nada", language: "Idioma",
    examples: "Ejemplos", schema: "Esquema", query: "Consulta", variables: "Variables", run: "Ejecutar", fill: "Poner los id",
    answer: "Respuesta", copy: "Copiar", copyCurl: "Copiar como curl", copied: "Copiado", running: "Esperando la respuesta",
    away: "Istmo no responde", notJson: "Las variables no son JSON", searchExamples: "Buscar ejemplos",
    searchSchema: "Buscar tipos, campos, descripciones", needKey: "Dé una clave para ver el esquema", none: "No se encontró nada",
    queries: "Consultas", mutations: "Mutaciones", types: "Tipos", back: "Todos los tipos",
    use: "Escribir esta llamada", placeholders: "Reemplace las palabras en <...> por sus id", filled: "Todos los id están puestos",
    notFilled: "No hay id para: ", deprecated: "Obsoleto. ", withErrors: "con errores", plus: "o superior",
  },
};
