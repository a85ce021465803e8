// Whether a value is what a JSON schema describes: as much of the language as docs/trace-schema.json speaks. The page
// hands over the schema, as it does the words; Python makes it from the records.

/** @typedef {Record<string, any>} Schema */

/** @type {Schema} */
let root = {};

/** @type {(schema: Schema) => void} */
export function describe(schema) {
  root = schema;
}

/** @type {(value: any) => boolean} */
const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** @type {(value: number, schema: Schema) => boolean} */
const isWithin = (value, { minimum, maximum, exclusiveMinimum, exclusiveMaximum }) =>
  Number.isFinite(value) &&
  !(value < minimum || value > maximum || value <= exclusiveMinimum || value >= exclusiveMaximum);

/** @type {(value: any[], schema: Schema) => boolean} */
const isRow = (value, { items, prefixItems = [], minItems = 0, maxItems = Infinity }) =>
  value.length >= minItems &&
  value.length <= maxItems &&
  value.every((one, i) => fits(one, prefixItems[i] ?? (items || {})));

/** @type {(value: Record<string, any>, schema: Schema) => boolean} */
const isRecord = (value, { properties = {}, required = [], additionalProperties = true }) =>
  required.every((/** @type {string} */ name) => Object.hasOwn(value, name)) &&
  Object.entries(value).every(([name, one]) =>
    Object.hasOwn(properties, name)
      ? fits(one, properties[name])
      : additionalProperties && fits(one, additionalProperties === true ? {} : additionalProperties),
  );

/** @type {Record<string, (value: any, schema: Schema) => boolean>} */
const TYPES = {
  null: (value) => value === null,
  boolean: (value) => typeof value === "boolean",
  string: (value) => typeof value === "string",
  integer: (value, schema) => Number.isInteger(value) && isWithin(value, schema),
  number: (value, schema) => typeof value === "number" && isWithin(value, schema),
  array: (value, schema) => Array.isArray(value) && isRow(value, schema),
  object: (value, schema) => isObject(value) && isRecord(value, schema),
};

/** @type {(value: any, schema?: Schema) => boolean} */
export function fits(value, schema = root) {
  if (schema.$ref) return fits(value, root.$defs[schema.$ref.split("/").pop()]);
  if (schema.anyOf) return schema.anyOf.some((/** @type {Schema} */ one) => fits(value, one));
  if (schema.enum) return schema.enum.includes(value);
  return schema.type ? TYPES[schema.type](value, schema) : true;
}
