// What patterns test: the leaves of an event, and the dialect in which they are asked.

/** What pattern language it is: EventBridge's, the subset of SNS, or the one of Lambda's event sources, which is EventBridge's. */
export type Dialect = 'events' | 'sns' | 'source'

/** A leaf: a string, a number, a boolean or null. */
export type Leaf = string | number | boolean | null

export type Test = (leaf: Leaf) => boolean
