// What a validator complains of. A file of its own that imports nothing: the clients, which are loaded when they are first used,
// need it too, and whatever they import is wrapped, to be loaded late, in every bundle.

export interface SchemaIssue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

export const keyOf = (step: PropertyKey | { readonly key: PropertyKey }): PropertyKey =>
  typeof step === 'object' ? step.key : step

/** The keys that lead to what an issue is about. */
export const toPath = (path: SchemaIssue['path'] = []): string[] => path.map((step) => String(keyOf(step)))
