import type { CodegenConfig } from "@graphql-codegen/cli";

const config: CodegenConfig = {
  schema: "../../schema/schema.graphql",
  documents: "src/**/*.{ts,tsx}",
  ignoreNoDocuments: true,
  config: {
    useTypeImports: true,
    strictScalars: true,
    scalars: { BigInt: "string", DateTime: "string" },
    enumsAsTypes: true,
    avoidOptionals: { field: true }, // what was asked for is in the answer, if only as null
    // As Apollo Client wants it: it always asks for `__typename`, but never at the root.
    nonOptionalTypename: true,
    skipTypeNameForRoot: true,
  },
  generates: {
    "src/gql/": {
      preset: "client",
      // Fragments are masked by Apollo Client itself (`dataMasking` in src/client.ts), not by generated functions.
      presetConfig: { fragmentMasking: false },
      config: { customDirectives: { apolloUnmask: true }, inlineFragmentTypes: "mask" },
    },
    "src/gql/possibleTypes.ts": {
      plugins: ["fragment-matcher"],
      config: { useExplicitTyping: true },
    },
  },
};

export default config;
