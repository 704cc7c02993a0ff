// How the two sides of a sandbox agree on which waiting event is begun: one shared number for each place in its inbox.

/** Events a sandbox may have: posting the next before the last is done spares a trip between the threads. */
export const INBOX = 16

/** Nothing is in the slot. */
export const FREE = 0
/** Posted; either side may still turn it. */
export const WAITING = 1
/** The sandbox works on it. */
export const BEGUN = 2
/** Taken back; the sandbox frees the slot when it comes to it. */
export const RECALLED = 3

/** What a sandbox is told when a chunk that it streamed was taken. */
export const MORE = 'more'
