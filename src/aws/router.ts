// API Gateway's way of choosing a route: full matches before {greedy+}, exact segments before {params}, a method of its own before ANY.
import { decoded } from './events/http.ts'

interface Node<T> {
  readonly fixed: Map<string, Node<T>>
  single: Node<T> | undefined
  /** Method → leaf, for paths that end here. */
  readonly ends: Map<string, Leaf<T>>
  /** Method → leaf, for `{name+}` below here. */
  readonly greedy: Map<string, Leaf<T>>
}

interface Leaf<T> {
  readonly value: T
  readonly route: string
  readonly names: readonly string[]
}

export interface Match<T> {
  readonly value: T
  /** The route as it was declared, `GET /cities/{city}`. */
  readonly route: string
  /** Decoded values by name, or undefined for a route without parameters. */
  readonly params: Readonly<Record<string, string>> | undefined
}

// Parameters are the user's names: without Object.prototype none of them is special. Made from a frozen parent, the object
// stays a fast one, which one without any parent is not.
const BARE: object = Object.freeze(Object.create(null))

const newNode = <T>(): Node<T> => ({ fixed: new Map(), single: undefined, ends: new Map(), greedy: new Map() })

/** Routes of one API. Matching takes time by the length of the path, not by the number of routes. */
export class Router<T> {
  readonly #static = new Map<string, Match<T>>()
  readonly #root = newNode<T>()
  readonly #read: (segment: string) => string
  #hasGreedy = false

  /** `read` makes a parameter's value of what was sent; by default it is decoded. */
  constructor(read: (segment: string) => string = decoded) {
    this.#read = read
  }

  /** Adds `method path`; `method` may be `ANY`. */
  add(method: string, path: string, value: T): void {
    const route = `${method} ${path}`
    if (!path.includes('{')) this.#static.set(route, { value, route, params: undefined })
    const names: string[] = []
    let node = this.#root
    for (const segment of path.split('/').slice(1)) {
      if (segment.endsWith('+}')) {
        names.push(segment.slice(1, -2))
        node.greedy.set(method, { value, route, names })
        this.#hasGreedy = true
        return
      }
      if (segment.startsWith('{')) {
        names.push(segment.slice(1, -1))
        node.single ??= newNode()
        node = node.single
      } else {
        const next = node.fixed.get(segment) ?? newNode<T>()
        node.fixed.set(segment, next)
        node = next
      }
    }
    node.ends.set(method, { value, route, names })
  }

  /**
   * The route for a request, or undefined. `path` is as sent, percent-encoded, without the query. A full match wins over a
   * greedy one, even where the greedy one begins with more exact segments. Source: "Routing API requests" of the HTTP API guide.
   */
  match(method: string, path: string): Match<T> | undefined {
    return (
      this.#static.get(`${method} ${path}`) ??
      this.#walk(this.#root, method, path, 1, [], false) ??
      (this.#hasGreedy ? this.#walk(this.#root, method, path, 1, [], true) : undefined)
    )
  }

  // Each node is seen at most once a walk, for its depth fixes the segment: going back cannot make the time grow beyond that.
  #walk(
    node: Node<T>,
    method: string,
    path: string,
    from: number,
    values: string[],
    greedy: boolean,
  ): Match<T> | undefined {
    if (from > path.length) {
      const leaf = greedy ? undefined : (node.ends.get(method) ?? node.ends.get('ANY'))
      return leaf === undefined ? undefined : toMatch(leaf, values)
    }
    const slash = path.indexOf('/', from)
    const to = slash < 0 ? path.length : slash
    const segment = path.slice(from, to)
    const fixed = node.fixed.get(segment)
    if (fixed !== undefined) {
      const found = this.#walk(fixed, method, path, to + 1, values, greedy)
      if (found !== undefined) return found
    }
    if (node.single !== undefined && segment !== '') {
      values.push(this.#read(segment))
      const found = this.#walk(node.single, method, path, to + 1, values, greedy)
      if (found !== undefined) return found
      values.pop()
    }
    // {name+} takes one segment or more.
    if (!greedy || from >= path.length) return undefined
    const leaf = node.greedy.get(method) ?? node.greedy.get('ANY')
    return leaf === undefined ? undefined : toMatch(leaf, [...values, this.#read(path.slice(from))])
  }
}

function toMatch<T>(leaf: Leaf<T>, values: readonly string[]): Match<T> {
  const { value, route, names } = leaf
  if (names.length === 0) return { value, route, params: undefined }
  const params: Record<string, string> = Object.create(BARE)
  for (let index = 0; index < names.length; index++) params[names[index] as string] = values[index] as string
  return { value, route, params }
}
