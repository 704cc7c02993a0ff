// Filters of triggers, in the pattern language that EventBridge, SNS and Lambda's event sources share.

/**
 * Which messages are delivered: for each field, a list of what it may be.
 *
 * @example
 * { kind: ['order', 'refund'], amount: [{ numeric: ['>', 100] }], note: [{ exists: false }] }
 */
export interface Pattern {
  readonly [field: string]: unknown
}
