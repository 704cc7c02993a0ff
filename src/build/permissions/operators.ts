// What operators make of values.

import type { Primitive } from './atoms.ts'
import { ANYTHING, just, known, type Values } from './atoms.ts'
import { compute, concatenate, mapValues, truth } from './values.ts'

export function binary(operator: string, left: Values, right: Values): Values {
  if (operator === '+') return add(left, right)
  const operation = OPERATIONS[operator]
  return operation === undefined ? ANYTHING : compute([left, right], operation)
}

const OPERATIONS: Readonly<Record<string, (left: Primitive, right: Primitive) => Primitive>> = {
  '===': (left, right) => left === right,
  '!==': (left, right) => left !== right,
  // biome-ignore lint/suspicious/noDoubleEquals: it is this operator that is computed
  '==': (left, right) => left == right,
  // biome-ignore lint/suspicious/noDoubleEquals: it is this operator that is computed
  '!=': (left, right) => left != right,
  '-': (left, right) => Number(left) - Number(right),
  '*': (left, right) => Number(left) * Number(right),
  '/': (left, right) => Number(left) / Number(right),
  '%': (left, right) => Number(left) % Number(right),
}

function add(left: Values, right: Values): Values {
  const isNumber = (values: Values): boolean =>
    [...values.values()].every((atom) => atom.kind === 'known' && typeof atom.value === 'number')
  if (isNumber(left) && isNumber(right)) return compute([left, right], (one, other) => Number(one) + Number(other))
  return concatenate([left, right])
}

export function unary(operator: string, value: Values): Values {
  if (operator === '!') {
    return mapValues(value, (atom) => {
      const holds = truth(just(atom))
      return holds === undefined ? ANYTHING : just(known(!holds))
    })
  }
  if (operator === '-') return compute([value], (one) => -Number(one))
  if (operator === '+') return compute([value], (one) => Number(one))
  if (operator === 'void') return just(known(undefined))
  return ANYTHING
}
