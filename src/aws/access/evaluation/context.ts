// What is known of a request besides its action and its resource: who sends it, from where, when.

/** The values of a condition key, asked for in lower case; undefined where the request has none. */
export type Context = (key: string) => readonly string[] | undefined

/** Of a request of which nothing is known. */
export const NO_CONTEXT: Context = () => undefined
