/** The parts of a zod issue that we put into words. */
export interface ZodIssue {
  code?: string | undefined;
  path: readonly PropertyKey[];
  message: string;
  expected?: string;
  format?: string;
  origin?: string;
  minimum?: number | bigint;
  maximum?: number | bigint;
  values?: readonly unknown[];
  keys?: readonly string[];
  errors?: readonly (readonly ZodIssue[])[];
}

export interface FieldProblem {
  field: string;
  message: string;
}

/** What a schema did not accept, field by field, as sentences that go on from the field's name. */
export function problemsOf(issues: readonly ZodIssue[], target: string): FieldProblem[] {
  return issues.flatMap((issue) => {
    const at = issue.path.map(String);
    if (issue.code === 'unrecognized_keys')
      return (issue.keys ?? []).map((key) => ({
        field: [...at, key].join('.'),
        message: 'is not known here: mend its name or leave it out',
      }));
    return [{ field: at.join('.') || target, message: sentence(issue) }];
  });
}

function sentence(issue: ZodIssue): string {
  // A schema that speaks for itself says it better.
  if (!/^(Invalid|Too (small|big))/.test(issue.message)) return issue.message;
  if (/received undefined$/.test(issue.message)) return 'is missing';
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${nameOf(issue.expected)}`;
    case 'invalid_value':
      return `must be one of ${(issue.values ?? []).map(String).join(', ')}`;
    case 'too_small':
      return tooSmall(issue);
    case 'too_big':
      return tooBig(issue);
    case 'invalid_format':
      return `is not ${formats[issue.format ?? ''] ?? 'of the form that is asked for'}`;
    case 'invalid_union':
      return `must be ${expectedOf(issue).join(' or ') || 'something else'}`;
    default:
      return issue.message;
  }
}

function tooSmall({ origin, minimum }: ZodIssue): string {
  if (origin === 'string') return Number(minimum) === 1 ? 'is empty' : `must have at least ${minimum} characters`;
  return origin === 'array' ? `must have at least ${minimum} entries` : `must be at least ${minimum}`;
}

function tooBig({ origin, maximum }: ZodIssue): string {
  if (origin === 'string') return `must have at most ${maximum} characters`;
  return origin === 'array' ? `must have at most ${maximum} entries` : `must be at most ${maximum}`;
}

function expectedOf(issue: ZodIssue): string[] {
  const all = (issue.errors ?? []).flat();
  return [
    ...new Set(all.flatMap((one) => (one.errors ? expectedOf(one) : one.expected ? [nameOf(one.expected)] : []))),
  ];
}

const names: Record<string, string> = {
  string: 'text',
  number: 'a number',
  nan: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'a list',
  date: 'a date',
  null: 'null',
};

function nameOf(expected = ''): string {
  return names[expected] ?? expected;
}

const formats: Record<string, string> = {
  email: 'an e-mail address',
  url: 'a web address',
  uuid: 'an id',
  date: 'a date such as 2026-03-29',
  datetime: 'a time such as 2026-03-29T10:00:00Z',
  safeint: 'a whole number',
};
