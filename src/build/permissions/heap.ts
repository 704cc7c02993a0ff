// Where values live: cells that remember who read them, the variables of a running function, and objects.
import type { CodeNode } from './ast.ts'
import { type ClassAtom, type FunctionAtom, NOTHING, type Values } from './atoms.ts'
import type { Unit } from './machine.ts'
import type { Module } from './modules.ts'
import type { Variable } from './scope.ts'
import { join } from './values.ts'

/** Tells everything that has looked at something that there is more of it. */
export class Signal {
  #readers: Set<Unit> | undefined

  see(reader: Unit | undefined): void {
    if (reader === undefined) return
    this.#readers ??= new Set()
    this.#readers.add(reader)
  }

  readers(): ReadonlySet<Unit> | undefined {
    return this.#readers
  }
}

/** Holds what something may be. It only ever grows, and tells everything that has read it. */
export class Cell {
  values: Values = NOTHING
  #readers: Set<Unit> | undefined

  see(reader: Unit | undefined): Values {
    if (reader !== undefined) {
      this.#readers ??= new Set()
      this.#readers.add(reader)
    }
    return this.values
  }

  /** Adds to it. True when it holds more now: then its readers must look again. */
  put(values: Values): boolean {
    const all = join(this.values, values)
    if (all === this.values) return false
    this.values = all
    return true
  }

  readers(): ReadonlySet<Unit> | undefined {
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
  readonly home: ClassAtom | undefined
}

export function openFrame(given: Omit<Frame, 'id' | 'self' | 'cells'> & { cells?: Map<Variable, Cell> }): Frame {
  frames++
  return { cells: new Map<Variable, Cell>(), ...given, id: frames, self: new Cell() }
}

export function cellOf(cells: Map<Variable, Cell>, variable: Variable): Cell {
  const found = cells.get(variable) ?? new Cell()
  cells.set(variable, found)
  return found
}

const NO_FUNCTIONS: ReadonlyMap<string, FunctionAtom> = new Map()

export type Shape = 'plain' | 'array' | 'map' | 'instance'

/** An object, an array or a map that the code makes. */
export class Thing {
  readonly kind = 'object'
  readonly id: string
  readonly shape: Shape
  readonly members = new Map<string, Cell>()
  /** What lies under names, or at places, that are not known. */
  readonly rest = new Cell()
  /** That there is a name more. */
  readonly names = new Signal()
  getters: ReadonlyMap<string, FunctionAtom> = NO_FUNCTIONS
  setters: ReadonlyMap<string, FunctionAtom> = NO_FUNCTIONS
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
