/** What a tool asks for: the names of its parameters, and the values that it lets them have. */
export interface Asked {
  /** As written, the outer ones first. */
  parameters: string[];
  required: number;
  /** The words that some parameter must be one of: "action: create, delete". */
  choices: string[];
  /** Whether a parameter holds an object of anything. */
  open: boolean;
}

/** A server may send a schema of any size; more of it says nothing new. */
const MOST_PARAMETERS = 80;
const MOST_CHOICES = 120;
const DEEPEST = 3;

type Fields = Record<string, unknown>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fieldsOf(value: unknown): [string, unknown][] {
  return isFields(value) ? Object.entries(value) : [];
}

function noteChoices(asked: Asked, schema: Fields): void {
  const values = Array.isArray(schema['enum']) ? schema['enum'] : [];
  const all = schema['const'] === undefined ? values : [...values.slice(0, MOST_CHOICES), schema['const']];
  for (const value of all.slice(0, MOST_CHOICES)) {
    if (typeof value === 'string' && asked.choices.length < MOST_CHOICES)
      asked.choices.push(value.slice(0, 60));
  }
}

function visit(asked: Asked, schema: unknown, depth: number): void {
  if (!isFields(schema) || depth > DEEPEST) return;
  noteChoices(asked, schema);
  if (schema['type'] === 'object' && depth > 0 && !isFields(schema['properties'])) asked.open = true;
  for (const [name, inner] of fieldsOf(schema['properties'])) {
    if (asked.parameters.length >= MOST_PARAMETERS) return;
    asked.parameters.push(name.slice(0, 60));
    visit(asked, inner, depth + 1);
  }
  visit(asked, schema['items'], depth + 1);
  for (const several of ['anyOf', 'oneOf', 'allOf']) {
    const parts = schema[several];
    if (Array.isArray(parts)) for (const part of parts.slice(0, 20)) visit(asked, part, depth + 1);
  }
}

export function readSchema(schema: unknown): Asked {
  const asked: Asked = { parameters: [], required: 0, choices: [], open: false };
  visit(asked, schema, 0);
  const required = isFields(schema) ? schema['required'] : undefined;
  asked.required = Array.isArray(required) ? required.length : 0;
  return asked;
}
