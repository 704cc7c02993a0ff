// Which classes there are, and what they extend.
import type { ClassAtom } from './atoms.ts'
import { Cell } from './heap.ts'
import type { Machine, Unit } from './machine.ts'

const isCell = (value: unknown): value is Cell => value instanceof Cell

/** Every class that was defined so far, by a cell, so that who asks is told of those to come. */
export const classesOf = (machine: Machine): Cell => machine.once('classes', () => new Cell(), isCell)

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
