// Where values live: cells that remember who read them, the variables of a running function, and objects.
import type { CodeNode } from './ast.ts'
import { type ClassAtom, type FunctionAtom, just, NOTHING, native, type Values } from './atoms.ts'
import type { Unit } from './machine.ts'
import type { Module } from './modules.ts'
import type { Variable } from './scope.ts'
import { join } from './values.ts'

/** Holds what something may be. It only ever grows, and tells everything that has read it. */
export class Cell {
  values: Values = NOTHING
  readonly #readers = new Set<Unit>()

  see(reader: Unit | undefined): Values {
    if (reader !== undefined) this.#readers.add(reader)
    return this.values
  }

  /** Adds to it; returns who must look again. */
  put(values: Values): ReadonlySet<Unit> | undefined {
    const all = join(this.values, values)
    if (all === this.values) return undefined
    this.values = all
    return this.#readers
  }
}

let frames = 0

/** The variables of one run of a function, a module or a class's fields. */
export interface Frame {
  readonly id: number
  readonly owner: CodeNode
  readonly parent: Frame | undefined
  readonly module: Module
  readonly cells: Map<Variable, Cell>
  /** What `this` is. */
  readonly self: Cell
  /** What `arguments` are. */
  readonly all: Cell
  readonly home: ClassAtom | undefined
}

export function openFrame(
  given: Omit<Frame, 'id' | 'self' | 'all' | 'cells'> & { cells?: Map<Variable, Cell> },
): Frame {
  frames++
  return { cells: new Map<Variable, Cell>(), ...given, id: frames, self: new Cell(), all: new Cell() }
}

export function cellOf(cells: Map<Variable, Cell>, variable: Variable): Cell {
  const found = cells.get(variable) ?? new Cell()
  cells.set(variable, found)
  return found
}

export type Shape = 'plain' | 'array' | 'map' | 'instance'

/** An object, an array or a map that the code makes. */
export class Thing {
  readonly kind = 'object'
  readonly id: string
  readonly shape: Shape
  readonly members = new Map<string, Cell>()
  /** What lies under names, or at places, that are not known. */
  readonly rest = new Cell()
  /** The names that it has. */
  readonly names = new Cell()
  readonly getters = new Map<string, FunctionAtom>()
  readonly setters = new Map<string, FunctionAtom>()
  readonly maker: ClassAtom | undefined
  /** What it inherits from beyond the user's own classes, or its prototype. */
  readonly bases = new Cell()

  constructor(id: string, shape: Shape, maker?: ClassAtom) {
    this.id = `#${id}`
    this.shape = shape
    this.maker = maker
  }

  /** The cell of a name, whether anything is in it or not. */
  member(name: string): Cell {
    const found = this.members.get(name) ?? new Cell()
    this.members.set(name, found)
    return found
  }

  /** What is there under a name, of its own. */
  own(name: string, reader: Unit | undefined): Values {
    return join(this.member(name).see(reader), this.rest.see(reader))
  }

  /** Everything that is in it. */
  everything(reader: Unit | undefined): Values {
    this.names.see(reader)
    let all = this.rest.see(reader)
    for (const cell of this.members.values()) all = join(all, cell.see(reader))
    return all
  }

  /** The names that hold something, in their order. */
  entries(reader: Unit | undefined): [string, Values][] {
    this.names.see(reader)
    const filled = [...this.members].map(([name, cell]): [string, Values] => [name, cell.see(reader)])
    return filled.filter(([, values]) => values.size > 0)
  }
}

/** Marks a name as there. */
export const nameAtom = (name: string): Values => just(native(`name:${name}`, {}))
