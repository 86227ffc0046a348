// A rule of graphql-inspector: of the changes it calls dangerous, these break clients of this schema.
// Used by test_schema_changes.py.
const { getNamedType } = require("graphql");

// Enumerations whose clients have always been told what to do with a value they do not know: these have `UNKNOWN`
// for what is newer than the schema, and an error is treated by its `retry.kind` where its code is new.
const OPEN_ENUMS = new Set([
  "ErrorCode",
  "ProcessStatus",
  "ProcessStepStatus",
  "QualityProcessStatus",
  "QualityStepStatus",
  "QualityStepType",
  "StatusMode",
  "TicketStatus",
]);

// What is only sent by clients surprises none of them.
const isAnswered = (schema, enumName) =>
  Object.values(schema.getTypeMap())
    .filter((type) => "getInterfaces" in type)
    .flatMap((type) => Object.values(type.getFields()))
    .some((field) => getNamedType(field.type).name === enumName);

const BREAKING = {
  // A client switches over the members it knows: it would take the new outcome for no outcome.
  UNION_MEMBER_ADDED: () => true,
  // Likewise, where a client was not told to expect it.
  ENUM_VALUE_ADDED: ({ meta }, schema) => !OPEN_ENUMS.has(meta.enumName) && isAnswered(schema, meta.enumName),
  // The same request would mean something else.
  FIELD_ARGUMENT_DEFAULT_CHANGED: () => true,
  INPUT_FIELD_DEFAULT_VALUE_CHANGED: () => true,
};

module.exports = ({ changes, oldSchema }) =>
  changes.map((change) =>
    change.criticality.level === "DANGEROUS" && BREAKING[change.type]?.(change, oldSchema)
      ? { ...change, criticality: { ...change.criticality, level: "BREAKING" } }
      : change,
  );
