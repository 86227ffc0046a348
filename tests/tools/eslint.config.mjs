// The recommended rules of graphql-eslint for schemas, and the places where the schema's public names outweigh them.
// Run by test_schema_lint.py, from the project's root.
import graphql from "@graphql-eslint/eslint-plugin";

// What is told apart by where it stands in its parent, or what an upstream gives no id of its own: nothing to refetch.
const WITHOUT_ID = {
  suffixes: ["Connection", "Edge", "Error", "Success", "Payload", "Param"],
  types: [
    "AffectedObject", "Attribute", "Decision", "Person", "PersonGroup", "Template", // parts of a step or a ticket
    "InvalidField", "PageInfo", "PreconditionDetail", "RetryAdvice", "UpstreamAnswer", "UpstreamBudget",
  ],
};

// Fields that repeat their type's name, and are public: each means something else than the short name would.
const KEPT_NAMES = {
  Decision: ["decision", "decisionType"], // the approver's word, beside when and by whom
  Process: ["processId"], // Cognaize's id, beside the global `id`
  ProcessStep: ["processStepId"], // likewise
  Ticket: ["tickets"], // the other tickets it refers to
};

// The schema is printed, so ESLint's comments are put in here: at the end of the line before the field, where the
// description ends. ESLint reports those that are no longer needed.
function excuseKeptNames(sdl) {
  const excuse = (definition, type) =>
    (KEPT_NAMES[type] ?? []).reduce(
      (text, field) =>
        text.replace(
          new RegExp(`"""(?=\\n  ${field}\\b)`),
          '""" # eslint-disable-next-line @graphql-eslint/no-typename-prefix',
        ),
      definition,
    );
  return [sdl.replace(/^type (\w+)[^]*?^}/gm, excuse)];
}

const recommended = graphql.configs["flat/schema-recommended"].rules;
const [level, described] = recommended["@graphql-eslint/require-description"];

export default [
  {
    files: ["**/*.graphql"],
    languageOptions: {
      parser: graphql.parser,
      parserOptions: { graphQLConfig: { schema: "schema/schema.graphql" } },
    },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    plugins: { "@graphql-eslint": graphql },
    processor: { preprocess: excuseKeptNames, postprocess: (messages) => messages.flat() },
    rules: {
      ...recommended,
      "@graphql-eslint/strict-id-in-types": ["error", { exceptions: WITHOUT_ID }],
      // The GraphQL specification's own directive, which Strawberry prints without a description.
      "@graphql-eslint/require-description": [
        level,
        { ...described, ignoredSelectors: ["[type=DirectiveDefinition][name.value=oneOf]"] },
      ],
    },
  },
];
