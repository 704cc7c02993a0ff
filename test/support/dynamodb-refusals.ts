// What DynamoDB refuses and in which words: requests on single items, with who recorded the words.
// `conformance`: github.com/paritysuite/dynamodb-conformance, recorded on AWS in 2026. `dynalite`: the tests of
// github.com/architect/dynalite, which run against AWS; where both have an answer, the younger one stands here.
// `local`: words and order of Amazon's DynamoDB Local. `guide`: the developer guide or the API reference.

export type Source = 'conformance' | 'dynalite' | 'local' | 'guide'

export interface Refusal {
  readonly source: Source
  readonly operation: string
  readonly input: Readonly<Record<string, unknown>>
  readonly type: string
  readonly message: string
}

/** Pairs of what is added to a request, and the message that answers it. */
type Rows = readonly (readonly [more: Readonly<Record<string, unknown>>, message: string])[]

const INVALID = 'One or more parameter values were invalid: '
const NOT_NUMERIC = 'The parameter cannot be converted to a numeric value'
const OVERFLOW = 'Number overflow. Attempting to store a number with magnitude larger than supported range'
const UNDERFLOW = 'Number underflow. Attempting to store a number with magnitude smaller than supported range'
const PRECISION = 'Attempting to store more than 38 significant digits in a Number'
const EMPTY = 'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes'
const SEVERAL =
  'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes'
const DEEP =
  'Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit'
const NOT_FOUND = 'Requested resource not found'
const NO_MATCH = 'The provided key element does not match the schema'

const member = (value: string, name: string, words: string): string =>
  `Value ${value} at '${name}' failed to satisfy constraint: Member must ${words}`
const one = (message: string): string => `1 validation error detected: ${message}`
const several = (...messages: string[]): string =>
  `${messages.length} validation errors detected: ${messages.join('; ')}`

const list: Refusal[] = []

function rows(
  source: Source,
  operation: string,
  base: Readonly<Record<string, unknown>>,
  all: Rows,
  { type = 'ValidationException', wrap = (message: string) => message } = {},
): void {
  for (const [more, message] of all)
    list.push({ source, operation, input: { ...base, ...more }, type, message: wrap(message) })
}

const serialization = { type: 'SerializationException' }
const inEnvelope = { wrap: one }

// ---- Types of members ----

const MODEL = 'com.amazonaws.dynamodb.v20120810'
for (const [operation, key] of [
  ['GetItem', 'Key'],
  ['PutItem', 'Item'],
  ['UpdateItem', 'Key'],
  ['DeleteItem', 'Key'],
] as const) {
  rows(
    'dynalite',
    operation,
    {},
    [
      [{ TableName: 23 }, 'NUMBER_VALUE cannot be converted to String'],
      [{ TableName: true }, 'TRUE_VALUE cannot be converted to String'],
      [{ TableName: -14.6 }, 'DECIMAL_VALUE cannot be converted to String'],
      [{ TableName: [] }, 'Unrecognized collection type class java.lang.String'],
      [{ TableName: {} }, 'Start of structure or map found where not expected'],
      [{ [key]: 'hi' }, 'Unexpected field type'],
      [{ [key]: [] }, `Unrecognized collection type java.util.Map<java.lang.String, ${MODEL}.AttributeValue>`],
      [{ [key]: { a: 'hi' } }, 'Unexpected value type in payload'],
      [{ [key]: { a: [] } }, `Unrecognized collection type class ${MODEL}.AttributeValue`],
      [{ [key]: { a: { S: 1 } } }, 'NUMBER_VALUE cannot be converted to String'],
      [{ [key]: { a: { B: 'abc' } } }, 'Base64 encoded length is expected a multiple of 4 bytes but found: 3'],
      [{ [key]: { a: { B: 1 } } }, 'only base-64-encoded strings are convertible to bytes'],
      [{ [key]: { a: { L: 'x' } } }, 'Unexpected field type'],
      [{ [key]: { a: { M: { b: 1 } } } }, 'Unexpected value type in payload'],
      [{ ExpressionAttributeNames: { '#a': 1 } }, 'NUMBER_VALUE cannot be converted to String'],
    ],
    serialization,
  )
}

// ---- Constraints of members ----

const NO_TABLE = member('null', 'tableName', 'not be null')
const NO_KEY = member('null', 'key', 'not be null')
const SHORT_NAME = member("''", 'tableName', 'have length greater than or equal to 1')
const CAPACITY = member("'hi'", 'returnConsumedCapacity', 'satisfy enum value set: [INDEXES, TOTAL, NONE]')
const RETURN = member(
  "'hi'",
  'returnValues',
  'satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]',
)

rows('conformance', 'UpdateItem', {}, [
  [{ TableName: '' }, several(SHORT_NAME, NO_KEY)],
  [{ TableName: '', ReturnConsumedCapacity: 'hi', ReturnValues: 'hi' }, several(CAPACITY, SHORT_NAME, RETURN, NO_KEY)],
  [
    { TableName: 'abc', ConditionalOperator: 'XOR', Expected: { a: { Exists: false }, b: { Exists: false } } },
    several(member("'XOR'", 'conditionalOperator', 'satisfy enum value set: [OR, AND]'), NO_KEY),
  ],
])
rows('dynalite', 'GetItem', {}, [[{}, several(NO_KEY, NO_TABLE)]])
rows('dynalite', 'GetItem', { TableName: 'abc', Key: {} }, [
  [{ AttributesToGet: [] }, one(member("'[]'", 'attributesToGet', 'have length greater than or equal to 1'))],
])
rows('dynalite', 'PutItem', {}, [[{}, several(NO_TABLE, member('null', 'item', 'not be null'))]])
rows('dynalite', 'DeleteItem', {}, [[{}, several(NO_TABLE, NO_KEY)]])
rows('conformance', 'PutItem', { Item: { a: { S: 'a' } } }, [
  [{}, one(NO_TABLE)],
  [
    { TableName: 'a'.repeat(256) },
    one(member(`'${'a'.repeat(256)}'`, 'tableName', 'have length less than or equal to 255')),
  ],
  [
    { TableName: 'bad table!@#' },
    one(member("'bad table!@#'", 'tableName', 'satisfy regular expression pattern: [a-zA-Z0-9_.-]+')),
  ],
])

// ---- Values ----

const NUMBERS: readonly (readonly [string, string])[] = [
  ['1e99999999999', OVERFLOW],
  ['-1e99999999999', OVERFLOW],
  ['1e-99999999999', UNDERFLOW],
  ['1e2147483648', OVERFLOW],
  ['1e2147483647', OVERFLOW],
  ['1e-2147483648', UNDERFLOW],
  ['1e126', OVERFLOW],
  ['-1e126', OVERFLOW],
  ['1e-131', UNDERFLOW],
  ['0e126', OVERFLOW],
  ['0e-131', UNDERFLOW],
  ['1e9223372036854775808', `${NOT_NUMERIC}: 1e9223372036854775808`],
  ['abc', `${NOT_NUMERIC}: abc`],
  ['1.2.3', `${NOT_NUMERIC}: 1.2.3`],
  ['', `${NOT_NUMERIC}: `],
  [' 1', `${NOT_NUMERIC}:  1`],
  ['1 ', `${NOT_NUMERIC}: 1 `],
  ['0x10', `${NOT_NUMERIC}: 0x10`],
  ['1e', `${NOT_NUMERIC}: 1e`],
  ['NaN', `${NOT_NUMERIC}: NaN`],
  ['Infinity', `${NOT_NUMERIC}: Infinity`],
  ['1234567890123456789012345678901234567890', PRECISION],
  ['123456789012345678901234567890123456789', PRECISION],
  ['-1.23456789012345678901234567890123456789', PRECISION],
]
for (const [number, message] of NUMBERS) {
  rows(
    'conformance',
    'PutItem',
    { TableName: 'hash' },
    [[{ Item: { a: { S: 'x' }, n: { N: number } } }, message]],
    inEnvelope,
  )
  rows('conformance', 'GetItem', { TableName: 'hash' }, [[{ Key: { a: { N: number } } }, message]])
}
for (const [number, message] of [
  ['abc', `${NOT_NUMERIC}: abc`],
  ['', `${NOT_NUMERIC}: `],
  ['1e126', OVERFLOW],
] as const)
  rows(
    'conformance',
    'PutItem',
    { TableName: 'hash' },
    [
      [{ Item: { a: { S: 'x' }, n: { NS: ['1', number] } } }, message],
      [{ Item: { a: { S: 'x' }, n: { M: { x: { L: [{ N: number }] } } } } }, message],
      [
        {
          Item: { a: { S: 'x' } },
          ConditionExpression: 'attribute_not_exists(a) OR n = :v',
          ExpressionAttributeValues: { ':v': { N: number } },
        },
        message,
      ],
      [{ Item: { a: { S: 'x' } }, Expected: { n: { Value: { N: number } } } }, message],
    ],
    inEnvelope,
  )

const deep = (levels: number): unknown => (levels === 0 ? { S: 'leaf' } : { M: { n: deep(levels - 1) } })
const VALUES: Rows = [
  [{}, EMPTY],
  [{ x: 'y' }, EMPTY],
  [{ M: { b: {} } }, EMPTY],
  [{ L: [{}] }, EMPTY],
  [{ S: 'a', N: '1' }, SEVERAL],
  [{ NULL: 'no' }, `${INVALID}Null attribute value types must have the value of true`],
  [{ NULL: false }, `${INVALID}Null attribute value types must have the value of true`],
  [{ SS: [] }, `${INVALID}An string set  may not be empty`],
  [{ NS: [] }, `${INVALID}An number set  may not be empty`],
  [{ BS: [] }, `${INVALID}Binary sets should not be empty`],
  [{ SS: ['b', 'a', 'b'] }, `${INVALID}Input collection ["a", "b", "b"] contains duplicates.`],
  [{ SS: ['', ''] }, `${INVALID}Input collection ["", ""] contains duplicates.`],
  [{ NS: ['2', '1', '2.0'] }, `${INVALID}Input collection contains duplicates.`],
  [
    { BS: ['/w==', 'AA==', 'AA=='] },
    `${INVALID}Input collection ["AA==","/w==","AA=="]of type BS contains duplicates.`,
  ],
]
for (const [value, message] of VALUES) {
  const source = message.includes('duplicates') || 'NULL' in value ? 'conformance' : 'dynalite'
  rows(source, 'PutItem', { TableName: 'hash' }, [[{ Item: { a: { S: 'x' }, v: value } }, message]], inEnvelope)
  rows(source, 'DeleteItem', { TableName: 'hash' }, [[{ Key: { a: value } }, message]], inEnvelope)
  rows(source, 'GetItem', { TableName: 'hash' }, [[{ Key: { a: value } }, message]])
}
rows('conformance', 'PutItem', { TableName: 'hash' }, [[{ Item: { a: { S: 'x' }, v: deep(32) } }, DEEP]], inEnvelope)
rows(
  'dynalite',
  'PutItem',
  { TableName: 'hash' },
  [[{ Item: { a: { S: 'x' }, b: { S: 'y'.repeat(409600) } } }, 'Item size has exceeded the maximum allowed size']],
  inEnvelope,
)

// ---- Which members go together ----

const BOTH = 'Can not use both expression and non-expression parameters in the same request: '
const KEY = { TableName: 'hash', Key: { a: { S: 'x' } } }
rows(
  'conformance',
  'PutItem',
  { TableName: 'hash', Item: { a: { S: 'x' } } },
  [
    [
      { Expected: { a: { Exists: false } }, ConditionExpression: 'attribute_not_exists(a)' },
      `${BOTH}Non-expression parameters: {Expected} Expression parameters: {ConditionExpression}`,
    ],
    [
      { ExpressionAttributeValues: { ':v': { S: 'x' } } },
      'ExpressionAttributeValues can only be specified when using expressions',
    ],
    [
      { ExpressionAttributeNames: { '#a': 'a' } },
      'ExpressionAttributeNames can only be specified when using expressions',
    ],
    [{ ConditionExpression: '' }, 'Invalid ConditionExpression: The expression can not be empty;'],
    [{ Expected: { a: { Exists: true } } }, `${INVALID}Value must be provided when Exists is true for Attribute: a`],
    [
      { Expected: { a: { ComparisonOperator: 'EQ' } } },
      `${INVALID}Value or AttributeValueList must be used with ComparisonOperator: EQ for Attribute: a`,
    ],
    [{ ReturnValues: 'ALL_NEW' }, 'ReturnValues can only be ALL_OLD or NONE'],
    [
      { ConditionExpression: 'contains(#a, #a)', ExpressionAttributeNames: { '#a': 'data' } },
      'Invalid ConditionExpression: The first operand must be distinct from the remaining operands for this operator or function; operator: contains, first operand: [data]',
    ],
    [
      { ConditionExpression: '((attribute_not_exists(a)))' },
      'Invalid ConditionExpression: The expression has redundant parentheses;',
    ],
  ],
  inEnvelope,
)
rows(
  'conformance',
  'DeleteItem',
  KEY,
  [
    [
      { Expected: { a: { Exists: false } }, ConditionExpression: 'attribute_not_exists(a)' },
      `${BOTH}Non-expression parameters: {Expected} Expression parameters: {ConditionExpression}`,
    ],
    [
      { ConditionExpression: 'attribute_exists(a)', ExpressionAttributeValues: {} },
      'ExpressionAttributeValues must not be empty',
    ],
    [
      { ConditionExpression: 'attribute_exists(a)', ExpressionAttributeNames: {} },
      'ExpressionAttributeNames must not be empty',
    ],
    [{ ReturnValues: 'UPDATED_NEW' }, 'ReturnValues can only be ALL_OLD or NONE'],
    [
      { Expected: { a: { Exists: false, Value: { S: 'x' } } } },
      `${INVALID}Value cannot be used when Exists is false for Attribute: a`,
    ],
    [
      { Expected: { a: { Value: { S: 'x' }, ComparisonOperator: 'EQ', AttributeValueList: [{ S: 'x' }] } } },
      `${INVALID}Value and AttributeValueList cannot be used together for Attribute: a`,
    ],
    [
      { Expected: { a: { ComparisonOperator: 'BETWEEN', AttributeValueList: [{ S: 'x' }] } } },
      `${INVALID}Invalid number of argument(s) for the BETWEEN ComparisonOperator`,
    ],
  ],
  inEnvelope,
)
rows(
  'dynalite',
  'UpdateItem',
  KEY,
  [
    [
      { Expected: { a: {} }, AttributeUpdates: {}, ConditionExpression: '', UpdateExpression: '' },
      `${BOTH}Non-expression parameters: {AttributeUpdates, Expected} Expression parameters: {UpdateExpression, ConditionExpression}`,
    ],
    [{ Expected: { a: {} } }, `${INVALID}Value must be provided when Exists is null for Attribute: a`],
    [{ AttributeUpdates: { b: {} } }, `${INVALID}Only DELETE action is allowed when no attribute value is specified`],
    ...(['S', 'N', 'B', 'NULL', 'BOOL', 'M', 'L'] as const).map((type): Rows[number] => [
      { AttributeUpdates: { b: { Action: 'DELETE', Value: sample(type) } } },
      `${INVALID}DELETE action with value is not supported for the type ${type}`,
    ]),
    ...(['S', 'B', 'NULL', 'BOOL', 'M'] as const).map((type): Rows[number] => [
      { AttributeUpdates: { b: { Action: 'ADD', Value: sample(type) } } },
      `${INVALID}ADD action is not supported for the type ${type}`,
    ]),
    [{ ConditionExpression: '', ExpressionAttributeNames: {} }, 'ExpressionAttributeNames must not be empty'],
    [
      { ConditionExpression: '', ExpressionAttributeNames: { a: 'a' } },
      'ExpressionAttributeNames contains invalid key: Syntax error; key: "a"',
    ],
    [
      { ConditionExpression: '', ExpressionAttributeValues: { ':b': { S: 'a' }, b: { S: 'a' } } },
      'ExpressionAttributeValues contains invalid key: Syntax error; key: "b"',
    ],
    [{ UpdateExpression: '' }, 'Invalid UpdateExpression: The expression can not be empty;'],
  ],
  inEnvelope,
)
rows('dynalite', 'GetItem', KEY, [
  [
    { AttributesToGet: ['a'], ProjectionExpression: '' },
    `${BOTH}Non-expression parameters: {AttributesToGet} Expression parameters: {ProjectionExpression}`,
  ],
  [{ ExpressionAttributeNames: {} }, 'ExpressionAttributeNames can only be specified when using expressions'],
  [{ AttributesToGet: ['a', 'a'] }, `${INVALID}Duplicate value in attribute name: a`],
  [{ ProjectionExpression: '' }, 'Invalid ProjectionExpression: The expression can not be empty;'],
])

function sample(type: string): unknown {
  const samples: Readonly<Record<string, unknown>> = {
    S: { S: '1' },
    N: { N: '1' },
    B: { B: 'Yg==' },
    NULL: { NULL: true },
    BOOL: { BOOL: true },
    M: { M: {} },
    L: { L: [] },
    SS: { SS: ['a'] },
    NS: { NS: ['1'] },
    BS: { BS: ['Yg=='] },
  }
  return samples[type]
}

// ---- Projections ----

const names = { '#a': 'a', '#b': '[3]' }
const projection = (text: string, more: object = {}): Readonly<Record<string, unknown>> => ({
  ProjectionExpression: text,
  ...more,
})
const overlap = (what: string, first: string, second: string): string =>
  `Two document paths ${what} with each other; must remove or rewrite one of these paths; path one: ${first}, path two: ${second}`
rows(
  'local',
  'GetItem',
  KEY,
  [
    [projection('whatever(stuff)'), 'Syntax error; token: "(", near: "whatever(stuff"'],
    [projection(':a'), 'Syntax error; token: ":a", near: ":a"'],
    [projection('b,'), 'Syntax error; token: "<EOF>", near: ","'],
    [projection('b,,c'), 'Syntax error; token: ",", near: ",,c"'],
    [projection('b..c'), 'Syntax error; token: ".", near: "..c"'],
    [projection('b[c]'), 'Syntax error; token: "c", near: "[c]"'],
    [projection('(b.c).d'), 'Syntax error; token: "(", near: "(b"'],
    [projection('b-c'), 'Syntax error; token: "-", near: "b-c"'],
    [projection('b, 1c'), 'Syntax error; token: "1", near: ", 1c"'],
  ],
  { wrap: (message) => `Invalid ProjectionExpression: ${message}` },
)
rows(
  'dynalite',
  'GetItem',
  KEY,
  [
    [projection('b.abORt'), 'Attribute name is a reserved keyword; reserved keyword: abORt'],
    [
      projection('#a,ABSoLUTE', { ExpressionAttributeNames: { '#a': 'a' } }),
      'Attribute name is a reserved keyword; reserved keyword: ABSoLUTE',
    ],
    [
      projection('b,c,b,#a'),
      'An expression attribute name used in the document path is not defined; attribute name: #a',
    ],
    [projection('a, #a[1]', { ExpressionAttributeNames: { '#a': 'a' } }), overlap('overlap', '[a]', '[a, [1]]')],
    [
      projection('b[1], b.a, #a.b, a', { ExpressionAttributeNames: { '#a': 'a' } }),
      overlap('overlap', '[a, b]', '[a]'),
    ],
    [projection('a.b, #a[1], #b', { ExpressionAttributeNames: names }), overlap('conflict', '[a, b]', '[a, [1]]')],
    [
      projection('a.b[1], #a[1], #b', { ExpressionAttributeNames: names }),
      overlap('conflict', '[a, b, [1]]', '[a, [1]]'),
    ],
  ],
  { wrap: (message) => `Invalid ProjectionExpression: ${message}` },
)
rows('local', 'GetItem', KEY, [
  [
    projection('b[99999999999]'),
    'Invalid ProjectionExpression: List index is not within the allowable range; index: [99999999999]',
  ],
  [
    projection(Array(33).fill('b').join('.')),
    'Invalid ProjectionExpression: The document path has too many nesting levels; nesting levels: 33',
  ],
])
rows('dynalite', 'GetItem', KEY, [
  [
    projection('c', { ExpressionAttributeNames: { '#a': 'a', '#b': 'b' } }),
    'Value provided in ExpressionAttributeNames unused in expressions: keys: {#a, #b}',
  ],
])
rows('guide', 'GetItem', KEY, [
  [
    projection('b'.repeat(4097)),
    'Invalid ProjectionExpression: Expression size has exceeded the maximum allowed size; expression size: 4097',
  ],
])

// ---- Conditions ----

const VALUE_SET = {
  ':s': { S: 'a' },
  ':n': { N: '1' },
  ':m': { N: '2' },
  ':b': { B: 'YQ==' },
  ':bool': { BOOL: true },
  ':null': { NULL: true },
  ':ss': { SS: ['a'] },
  ':l': { L: [] },
  ':map': { M: {} },
}
/** Only the values an expression speaks of, and `:s` where it speaks of none. */
function valuesIn(text: string): object {
  const used = Object.entries(VALUE_SET).filter(([name]) => new RegExp(`${name}(?![a-z])`).test(text))
  return used.length === 0 ? {} : { ExpressionAttributeValues: Object.fromEntries(used) }
}
const condition = (text: string, message: string): Rows[number] => [
  { ConditionExpression: text, ...valuesIn(text) },
  `1 validation error detected: Invalid ConditionExpression: ${message}`,
]
const operandType = (operator: string, type: string): string =>
  `Incorrect operand type for operator or function; operator or function: ${operator}, operand type: ${type}`
const distinct = (operator: string, path: string): string =>
  `The first operand must be distinct from the remaining operands for this operator or function; operator: ${operator}, first operand: ${path}`
const misused = (name: string): string =>
  `The function is not allowed to be used this way in an expression; function: ${name}`
const count = (name: string, operands: number): string =>
  `Incorrect number of operands for operator or function; operator or function: ${name}, number of operands: ${operands}`
const between = (what: string, low: string, high: string): string =>
  `The BETWEEN operator ${what}; lower bound operand: AttributeValue: ${low}, upper bound operand: AttributeValue: ${high}`

rows('local', 'DeleteItem', KEY, [
  condition('b', 'Syntax error; token: "<EOF>", near: "b"'),
  condition('b =', 'Syntax error; token: "<EOF>", near: "="'),
  condition('b = :s AND', 'Syntax error; token: "<EOF>", near: "AND"'),
  condition('b = :s OR c', 'Syntax error; token: "<EOF>", near: "c"'),
  condition('b == :s', 'Syntax error; token: "=", near: "== :s"'),
  condition('(b = :s', 'Syntax error; token: "<EOF>", near: ":s"'),
  condition('b = :s)', 'Syntax error; token: ")", near: ":s)"'),
  condition('b BETWEEN :n', 'Syntax error; token: "<EOF>", near: ":n"'),
  condition('b BETWEEN :n OR :m', 'Syntax error; token: "OR", near: ":n OR :m"'),
  condition('b IN :n', 'Syntax error; token: ":n", near: "IN :n"'),
  condition('b IN ()', 'Syntax error; token: ")", near: "()"'),
  condition('NOT b', 'Syntax error; token: "<EOF>", near: "b"'),
  condition('attribute_exists(_c)', 'Syntax error; token: "_", near: "(_c"'),
  condition('attribute_exists()', 'Syntax error; token: ")", near: "()"'),
  condition('b ! :s', 'Syntax error; token: "!", near: "b ! :s"'),
  condition('b = 1', 'Syntax error; token: "1", near: "= 1"'),
  condition('b = "x"', 'Syntax error; token: """, near: "= "x"'),
  condition('((b = :s))', 'The expression has redundant parentheses;'),
  condition('((b)) = :s', 'The expression has redundant parentheses;'),
  condition('b = :s AND ((c = :n) ) AND (((c)))', 'The expression has redundant parentheses;'),
  condition('nope(b)', 'Invalid function name; function: nope'),
  condition('ATTRIBUTE_EXISTS(b)', 'Invalid function name; function: ATTRIBUTE_EXISTS'),
  condition('size(b)', misused('size')),
  condition('attribute_exists(b) = :s', misused('attribute_exists')),
  condition('size(attribute_exists(b)) = :n', misused('attribute_exists')),
  condition('if_not_exists(b, c)', 'The function is not allowed in a condition expression; function: if_not_exists'),
  condition('attribute_exists(b, c)', count('attribute_exists', 2)),
  condition('begins_with(b)', count('begins_with', 1)),
  condition('size(b, c) > :n', count('size', 2)),
  condition('abort = :s', 'Attribute name is a reserved keyword; reserved keyword: abort'),
  condition('b = :zz', 'An expression attribute value used in expression is not defined; attribute value: :zz'),
  condition('#zz = :s', 'An expression attribute name used in the document path is not defined; attribute name: #zz'),
  condition('b = b', distinct('=', '[b]')),
  condition('b.c[1] < b.c[1]', distinct('<', '[b, c, [1]]')),
  condition('b IN (c, b)', distinct('IN', '[b]')),
  condition('b BETWEEN c AND b', distinct('BETWEEN', '[b]')),
  condition('begins_with(b, b)', distinct('begins_with', '[b]')),
  condition(
    'attribute_exists(:s)',
    'Operator or function requires a document path; operator or function: attribute_exists',
  ),
  condition(
    'attribute_not_exists(size(b))',
    'Operator or function requires a document path; operator or function: attribute_not_exists',
  ),
  condition('b < :bool', operandType('<', 'BOOL')),
  condition(':null >= b', operandType('>=', 'NULL')),
  condition('b > :ss', operandType('>', 'SS')),
  condition('b BETWEEN :l AND :n', operandType('BETWEEN', 'L')),
  condition('begins_with(b, :n)', operandType('begins_with', 'N')),
  condition('begins_with(size(b), :s)', operandType('begins_with', 'N')),
  condition('size(:n) > :m', operandType('size', 'N')),
  condition('size(:bool) > :m', operandType('size', 'BOOL')),
  condition('attribute_type(b, :n)', operandType('attribute_type', 'N')),
  condition('attribute_type(b, size(c))', operandType('attribute_type', 'N')),
  condition(
    'attribute_type(b, :s)',
    'Invalid attribute type name found; type: a, valid types: {N,BS,L,B,NULL,M,S,SS,NS,BOOL}',
  ),
  condition(
    'b BETWEEN :m AND :n',
    between('requires upper bound to be greater than or equal to lower bound', '{N:2}', '{N:1}'),
  ),
  condition('b BETWEEN :n AND :s', between('requires same data type for lower and upper bounds', '{N:1}', '{S:a}')),
])
rows('conformance', 'DeleteItem', KEY, [
  [
    {
      ConditionExpression: `b IN (${Array.from({ length: 101 }, (_, at) => `:v${at}`).join(', ')})`,
      ExpressionAttributeValues: Object.fromEntries(
        Array.from({ length: 101 }, (_, at) => [`:v${at}`, { N: String(at) }]),
      ),
    },
    one('Invalid ConditionExpression: The IN operator is provided with too many operands; number of operands: 101'),
  ],
  [
    {
      ConditionExpression: Array(151).fill('b<:n').join(' OR '),
      ExpressionAttributeValues: { ':n': { N: '1' } },
    },
    one('Invalid ConditionExpression: The expression contains too many operators; operator count: 301'),
  ],
])
rows('conformance', 'UpdateItem', KEY, [
  [
    { UpdateExpression: 'SET b = :w', ConditionExpression: 'c = :v', ExpressionAttributeValues: { ':w': { S: 'x' } } },
    one(
      'Invalid ConditionExpression: An expression attribute value used in expression is not defined; attribute value: :v',
    ),
  ],
])

// ---- Updates ----

const update = (text: string, message: string): Rows[number] => [
  { UpdateExpression: text, ...valuesIn(text) },
  `1 validation error detected: Invalid UpdateExpression: ${message}`,
]
rows('conformance', 'UpdateItem', KEY, [
  update('INVALID SYNTAX HERE', 'Syntax error; token: "INVALID", near: "INVALID SYNTAX"'),
  update('SET b = :v', 'An expression attribute value used in expression is not defined; attribute value: :v'),
  [
    {
      UpdateExpression: 'SET b = :v',
      ExpressionAttributeValues: { ':v': { S: 'val' } },
      ExpressionAttributeNames: { '#unused': 'c' },
    },
    one('Value provided in ExpressionAttributeNames unused in expressions: keys: {#unused}'),
  ],
  [
    { UpdateExpression: 'SET b = :v', ExpressionAttributeValues: { ':v': { S: 'val' }, ':unused': { S: 'x' } } },
    one('Value provided in ExpressionAttributeValues unused in expressions: keys: {:unused}'),
  ],
])
rows('local', 'UpdateItem', KEY, [
  [
    { AttributeUpdates: { b: { Action: 'WRONG', Value: { S: 'x' } } } },
    one(member("'WRONG'", 'attributeUpdates.b.member.action', 'satisfy enum value set: [ADD, PUT, DELETE]')),
  ],
  [
    { AttributeUpdates: {}, Expected: { b: { Exists: false } }, ConditionalOperator: 'OR' },
    one('ConditionalOperator can only be used when Filter or Expected has two or more elements'),
  ],
  update('set b', 'Syntax error; token: "<EOF>", near: "b"'),
  update('add b', 'Syntax error; token: "<EOF>", near: "b"'),
  update('set b=set', 'Syntax error; token: "set", near: "=set"'),
  update('remove b = c', 'Syntax error; token: "=", near: "b = c"'),
  update('add b = c', 'Syntax error; token: "=", near: "b = c"'),
  update('delete b c', 'Syntax error; token: "c", near: "b c"'),
  update('set b c', 'Syntax error; token: "c", near: "b c"'),
  update('set :s = b', 'Syntax error; token: ":s", near: "set :s ="'),
  update('set b = c / d', 'Syntax error; token: "/", near: "c / d"'),
  update('set b = c + d + e', 'Syntax error; token: "+", near: "d + e"'),
  update('set b = (c.d).e', 'Syntax error; token: ".", near: ").e"'),
  update('set b[1] = 1', 'Syntax error; token: "1", near: "= 1"'),
  update('set b = :s,', 'Syntax error; token: "<EOF>", near: ","'),
  update('set abOrt = :s', 'Attribute name is a reserved keyword; reserved keyword: abOrt'),
  update('remove Absolute', 'Attribute name is a reserved keyword; reserved keyword: Absolute'),
  update('set b = if_not_exist(c)', 'Invalid function name; function: if_not_exist'),
  update('set b = size(c)', 'The function is not allowed in an update expression; function: size'),
  update('set b = :s set c = :s', 'The "SET" section can only be used once in an update expression;'),
  update('remove b set c = :s remove d', 'The "REMOVE" section can only be used once in an update expression;'),
  update('set b = if_not_exists(c)', count('if_not_exists', 1)),
  update('set b = list_append(c)', count('list_append', 1)),
  update(
    'set b = if_not_exists(:s, c)',
    'Operator or function requires a document path; operator or function: if_not_exists',
  ),
  update('set b = list_append(:s, b)', operandType('list_append', 'S')),
  update('set b = list_append(b, :n)', operandType('list_append', 'N')),
  update('set b = list_append(:map, b)', operandType('list_append', 'M')),
  ...[':s', ':b', ':bool', ':null', ':ss', ':l', ':map'].flatMap((name) => {
    const type = Object.keys(VALUE_SET[name as keyof typeof VALUE_SET])[0] ?? ''
    return [
      update(`set b = b + ${name}`, operandType('+', type)),
      update(`set b = ${name} - b`, operandType('-', type)),
    ]
  }),
  ...(
    [
      [':s', 'STRING'],
      [':b', 'BINARY'],
      [':bool', 'BOOLEAN'],
      [':null', 'NULL'],
      [':l', 'LIST'],
      [':map', 'MAP'],
    ] as const
  ).flatMap(([name, type]) =>
    (['ADD', 'DELETE'] as const).map((section) =>
      update(
        `${section} b.c ${name}`,
        `Incorrect operand type for operator or function; operator: ${section}, operand type: ${type}, typeSet: ALLOWED_FOR_${section}_OPERAND`,
      ),
    ),
  ),
  update(
    'delete b :n',
    'Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER, typeSet: ALLOWED_FOR_DELETE_OPERAND',
  ),
  update('set b = :s, b = :n', overlap('overlap', '[b]', '[b]')),
  update('set b = :s remove b.c', overlap('overlap', '[b]', '[b, c]')),
  update('remove b.c set b[1] = :s', overlap('conflict', '[b, c]', '[b, [1]]')),
  update('set b[2147483648] = :s', 'List index is not within the allowable range; index: [2147483648]'),
])

// ---- Keys, and what a table makes of a request ----

rows(
  'dynalite',
  'GetItem',
  { TableName: 'nowhere' },
  [
    [{ Key: {} }, NOT_FOUND],
    [{ Key: { a: { S: 'x' } } }, NOT_FOUND],
  ],
  { type: 'ResourceNotFoundException' },
)
rows('conformance', 'DeleteItem', { TableName: 'nowhere' }, [[{ Key: { a: { S: 'x' } } }, NOT_FOUND]], {
  type: 'ResourceNotFoundException',
})
for (const operation of ['GetItem', 'UpdateItem', 'DeleteItem']) {
  rows('dynalite', operation, { TableName: 'hash' }, [
    [{ Key: {} }, NO_MATCH],
    [{ Key: { b: { S: 'a' } } }, NO_MATCH],
    [{ Key: { a: { S: 'a' }, b: { S: 'a' } } }, NO_MATCH],
    ...['N', 'B', 'BOOL', 'NULL', 'SS', 'NS', 'BS', 'M', 'L'].map((type): Rows[number] => [
      { Key: { a: sample(type) } },
      NO_MATCH,
    ]),
    [
      { Key: { a: { S: 'x'.repeat(2049) } } },
      `${INVALID}Size of hashkey has exceeded the maximum size limit of2048 bytes`,
    ],
  ])
  rows('dynalite', operation, { TableName: 'range' }, [
    [{ Key: { a: { S: 'a' } } }, NO_MATCH],
    [
      { Key: { a: { S: 'a' }, b: { S: 'x'.repeat(1025) } } },
      `${INVALID}Aggregated size of all range keys has exceeded the size limit of 1024 bytes`,
    ],
  ])
}
const NOT_VALID = 'One or more parameter values are not valid. '
rows('conformance', 'UpdateItem', { TableName: 'binary' }, [
  [
    { Key: { a: { B: '' } }, UpdateExpression: 'SET c = :v', ExpressionAttributeValues: { ':v': { S: 'x' } } },
    `${NOT_VALID}The AttributeValue for a key attribute cannot contain an empty binary value. Key: a`,
  ],
])
rows('dynalite', 'PutItem', { TableName: 'hash' }, [
  [{ Item: {} }, `${INVALID}Missing the key a in the item`],
  [{ Item: { b: { S: 'a' } } }, `${INVALID}Missing the key a in the item`],
  ...['N', 'B', 'BOOL', 'NULL', 'SS', 'NS', 'BS', 'M', 'L'].map((type): Rows[number] => [
    { Item: { a: sample(type) } },
    `${INVALID}Type mismatch for key a expected: S actual: ${type}`,
  ]),
  [
    { Item: { a: { S: '' } } },
    `${NOT_VALID}The AttributeValue for a key attribute cannot contain an empty string value. Key: a`,
  ],
])
rows('dynalite', 'PutItem', { TableName: 'range' }, [
  [{ Item: { a: { S: 'a' } } }, `${INVALID}Missing the key b in the item`],
  [
    { Item: { a: { S: 'a' }, b: { S: 'a' }, c: { N: '1' } } },
    `${INVALID}Type mismatch for Index Key c Expected: S Actual: N IndexName: index1`,
  ],
])
const CANNOT = (name: string): string => `${INVALID}Cannot update attribute ${name}. This attribute is part of the key`
rows('dynalite', 'UpdateItem', KEY, [
  [{ AttributeUpdates: { a: { Value: { S: 'y' } } } }, CANNOT('a')],
  [{ UpdateExpression: 'add a.b :n', ExpressionAttributeValues: { ':n': { N: '1' } } }, CANNOT('a')],
  [{ UpdateExpression: 'remove d set b = :n, a = :n', ExpressionAttributeValues: { ':n': { N: '1' } } }, CANNOT('a')],
  [{ UpdateExpression: 'set b = c' }, 'The provided expression refers to an attribute that does not exist in the item'],
  [{ UpdateExpression: 'set b.a = a' }, 'The document path provided in the update expression is invalid for update'],
  [{ UpdateExpression: 'set b[1] = a' }, 'The document path provided in the update expression is invalid for update'],
  [
    { AttributeUpdates: { b: { Action: 'PUT', Value: { S: 'x'.repeat(409599) } } } },
    'Item size to update has exceeded the maximum allowed size',
  ],
])
const NESTED = (kind: string, name: string): string =>
  `Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: ${kind}: ${name}`
rows('dynalite', 'UpdateItem', { TableName: 'range', Key: { a: { S: 'a' }, b: { S: 'b' } } }, [
  [{ UpdateExpression: 'set d[1] = :n add b.b :n', ExpressionAttributeValues: { ':n': { N: '1' } } }, CANNOT('b')],
  [
    { AttributeUpdates: { c: { Value: { N: '1' } } } },
    `${INVALID}Type mismatch for Index Key c Expected: S Actual: N IndexName: index1`,
  ],
  [
    { UpdateExpression: 'set e = c[1], c = a + :n', ExpressionAttributeValues: { ':n': { N: '1' } } },
    `${INVALID}Type mismatch for Index Key c Expected: S Actual: N IndexName: index1`,
  ],
  [{ UpdateExpression: 'add c.b :n', ExpressionAttributeValues: { ':n': { N: '1' } } }, NESTED('IndexKey', 'c')],
])
rows('dynalite', 'GetItem', KEY, [
  [projection('#a.b.c', { ExpressionAttributeNames: { '#a': 'a' } }), NESTED('Key', 'a')],
  [projection('#a[0]', { ExpressionAttributeNames: { '#a': 'a' } }), NESTED('Key', 'a')],
])

export const refusals: readonly Refusal[] = list
