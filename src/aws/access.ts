// The door to what calls of AWS need to be allowed: actions and resources, by operation and input.
export type { Conditions, Need, NeedsOf, Operation, Place } from './access/need.ts'
export { needsOf, operationsOf } from './access/needs.ts'
export { sdkServices } from './access/sdk.ts'
export { tableOrigin } from './access/table.ts'
export { toValue, UNKNOWN, type Value } from './access/value.ts'
