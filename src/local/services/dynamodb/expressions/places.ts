// Which places of an item an expression speaks of.
import { operandsOf, operandsOfValue } from './form.ts'
import type { Place, Placeholders } from './placeholders.ts'
import type { Condition, Operand, UpdateAction } from './tree.ts'

export function placesOfCondition(condition: Condition, given: Placeholders): Place[] {
  if (condition.kind === 'not') return placesOfCondition(condition.part, given)
  if (condition.kind === 'and' || condition.kind === 'or')
    return condition.parts.flatMap((part) => placesOfCondition(part, given))
  return operandsOf(condition).flatMap((operand) => placesOfOperand(operand, given))
}

/** What the action writes to comes first. */
export function placesOfAction(action: UpdateAction, given: Placeholders): Place[] {
  const read = action.section === 'SET' ? operandsOfValue(action.value) : []
  return [given.place(action.path), ...read.flatMap((operand) => placesOfOperand(operand, given))]
}

function placesOfOperand(operand: Operand, given: Placeholders): Place[] {
  if (operand.kind === 'path') return [given.place(operand)]
  return operand.kind === 'call' ? operand.operands.flatMap((one) => placesOfOperand(one, given)) : []
}
