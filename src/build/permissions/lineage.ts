// Which classes there are, and what they extend.
import type { ClassAtom } from './atoms.ts'
import { Signal } from './heap.ts'
import type { Machine, Unit } from './machine.ts'

/** Every class that was defined so far. Who asks is told of those to come. */
export class Classes {
  readonly all: ClassAtom[] = []
  readonly #signal = new Signal()

  see(reader: Unit | undefined): readonly ClassAtom[] {
    this.#signal.see(reader)
    return this.all
  }

  add(atom: ClassAtom, machine: Machine): void {
    if (this.all.includes(atom)) return
    this.all.push(atom)
    machine.notify(this.#signal)
  }
}

const isClasses = (value: unknown): value is Classes => value instanceof Classes

export const classesOf = (machine: Machine): Classes => machine.once('classes', () => new Classes(), isClasses)

/** A class and what it extends, as far as those are the user's own. */
export function lineOf(atom: ClassAtom, unit: Unit | undefined): ClassAtom[] {
  const line: ClassAtom[] = []
  const visit = (one: ClassAtom): void => {
    if (line.includes(one)) return
    line.push(one)
    for (const parent of one.parent.see(unit).values()) if (parent.kind === 'class') visit(parent)
  }
  visit(atom)
  return line
}
