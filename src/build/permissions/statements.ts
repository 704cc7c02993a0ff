// Runs statements: everything that may happen in them, in any order.
import { type Directive, idOf, isClass, isFunction, type Node, type Statement } from './ast.ts'
import { ANYTHING, just, NOTHING, one, UNDEFINED, type Values } from './atoms.ts'
import { defineClass, runFields } from './classes.ts'
import { entriesOf, list } from './elements.ts'
import { Thing } from './heap.ts'
import { given, type Machine, type Unit } from './machine.ts'
import { bindEach, bindPattern, eachOf, isThing } from './patterns.ts'
import { decided, meant } from './prune.ts'
import { join } from './values.ts'

/** Runs a function, a module or the fields of a class. */
export function run(unit: Unit, machine: Machine): void {
  const { node } = unit
  if (node.type === 'ClassBody') {
    runFields(unit, machine)
    return
  }
  if (node.type === 'Program') {
    runStatements(node.body, unit, machine)
    const made = unit.module.code.defaultExport
    if (made !== undefined)
      machine.put(machine.variable(made.variable, unit.frame), machine.evaluate(made.expression, unit))
    return
  }
  bindParameters(unit, machine)
  const { body } = node
  if (body === null) return
  if (body.type !== 'BlockStatement') {
    machine.put(unit.returns, machine.evaluate(body, unit))
    return
  }
  const ends = runStatements(body.body, unit, machine)
  if (node.type !== 'ArrowFunctionExpression' && node.generator) {
    const yielded = list(`yields:${unit.id}`, machine)
    machine.put(yielded.rest, unit.yields.see(unit))
    machine.put(unit.returns, just(yielded))
  } else if (!ends) machine.put(unit.returns, UNDEFINED)
}

function bindParameters(unit: Unit, machine: Machine): void {
  const { node, list: handed, rest } = unit
  if (!isFunction(node)) return
  const others = rest.see(unit)
  // `this` among the parameters only declares its type.
  const parameters = node.params.filter((one) => one.type !== 'Identifier' || one.name !== 'this')
  parameters.forEach((parameter, index) => {
    if (parameter.type !== 'RestElement') {
      const cell = handed[index]
      const own = cell === undefined ? NOTHING : cell.see(unit)
      const values = index < unit.restFrom ? own : join(own, others)
      bindPattern(parameter, values, unit, machine)
      return
    }
    const id = `parameters:${unit.id}`
    const all = machine.once(id, () => new Thing(id, 'array'), isThing)
    handed.slice(index).forEach((cell, at) => {
      machine.enter(all, String(at), cell.see(unit))
    })
    machine.put(all.rest, others)
    bindPattern(parameter, just(all), unit, machine)
  })
}

/** Runs statements one after the other; true when they certainly do not come to their end. */
export function runStatements(body: readonly (Directive | Statement)[], unit: Unit, machine: Machine): boolean {
  for (const statement of body) if (runStatement(statement, unit, machine)) return true
  return false
}

function runStatement(node: Directive | Statement, unit: Unit, machine: Machine): boolean {
  machine.step()
  switch (node.type) {
    case 'ExpressionStatement': {
      unit.statement = node.expression.type === 'AwaitExpression' ? node.expression.argument : node.expression
      machine.evaluate(node.expression, unit)
      return false
    }
    case 'VariableDeclaration':
      declare(node, unit, machine)
      return false
    case 'ReturnStatement':
      machine.put(unit.returns, node.argument === null ? UNDEFINED : machine.evaluate(node.argument, unit))
      return true
    case 'ThrowStatement':
      machine.evaluate(node.argument, unit)
      return true
    case 'BreakStatement':
    case 'ContinueStatement':
      return true
    case 'BlockStatement':
      return runStatements(node.body, unit, machine)
    case 'IfStatement': {
      const test = machine.evaluate(node.test, unit)
      const holds = decided(node.test, test, unit)
      const first = holds !== false && runStatement(node.consequent, unit, machine)
      const second = holds !== true && node.alternate !== null && runStatement(node.alternate, unit, machine)
      return holds === undefined ? first && second : first || second
    }
    case 'TryStatement': {
      const ends = runStatements(node.block.body, unit, machine)
      if (node.handler !== null) {
        if (node.handler.param !== null) bindPattern(node.handler.param, ANYTHING, unit, machine)
        runStatements(node.handler.body.body, unit, machine)
      }
      if (node.finalizer !== null) runStatements(node.finalizer.body, unit, machine)
      return ends && node.handler === null
    }
    case 'SwitchStatement':
      choose(node, unit, machine)
      return false
    case 'ClassDeclaration': {
      const values = defineClass(node, unit, machine)
      const variable = node.id === null ? undefined : unit.module.code.declared.get(node.id)
      if (variable !== undefined) machine.put(machine.variable(variable, unit.frame), values)
      return false
    }
    case 'LabeledStatement':
      runStatement(node.body, unit, machine)
      return false
    case 'ExportNamedDeclaration':
      return node.declaration !== null && runStatement(node.declaration, unit, machine)
    case 'ExportDefaultDeclaration': {
      const { declaration } = node
      if (declaration.type === 'ClassDeclaration') runStatement(declaration, unit, machine)
      return false
    }
    case 'TSModuleDeclaration':
      collect(node, unit, machine)
      return false
    case 'TSEnumDeclaration':
      enumerate(node, unit, machine)
      return false
    default:
      loop(node, unit, machine)
      return false
  }
}

// Runs the cases that may be meant, and those that they fall through to.
function choose(node: Extract<Statement, { type: 'SwitchStatement' }>, unit: Unit, machine: Machine): void {
  const values = machine.evaluate(node.discriminant, unit)
  const answers = node.cases.map(({ test }) =>
    test === null ? undefined : meant(node.discriminant, values, test, machine.evaluate(test, unit), unit),
  )
  const isCertain = answers.includes(true)
  let falls = false
  node.cases.forEach(({ test, consequent }, index) => {
    const isMeant = test === null ? !isCertain : answers[index] !== false
    if (isMeant || falls) falls = !runStatements(consequent, unit, machine)
  })
}

function loop(node: Directive | Statement, unit: Unit, machine: Machine): void {
  switch (node.type) {
    case 'ForStatement':
      if (node.init?.type === 'VariableDeclaration') declare(node.init, unit, machine)
      else if (node.init !== null) machine.evaluate(node.init, unit)
      if (node.test !== null) machine.evaluate(node.test, unit)
      if (node.update !== null) machine.evaluate(node.update, unit)
      runStatement(node.body, unit, machine)
      return
    case 'ForOfStatement': {
      const values = machine.evaluate(node.right, unit)
      bindEach(node.left, eachOf(values, node, unit, machine), unit, machine)
      runStatement(node.body, unit, machine)
      return
    }
    case 'ForInStatement': {
      const values = machine.evaluate(node.right, unit)
      const names = entriesOf(values, { node, unit, machine }).map(([name]) => name)
      bindEach(node.left, names.length === 0 ? ANYTHING : join(NOTHING, ...names), unit, machine)
      runStatement(node.body, unit, machine)
      return
    }
    case 'WhileStatement':
    case 'DoWhileStatement': {
      const test = machine.evaluate(node.test, unit)
      if (node.type === 'DoWhileStatement' || decided(node.test, test, unit) !== false)
        runStatement(node.body, unit, machine)
      return
    }
    default:
      return
  }
}

function declare(node: Extract<Statement, { type: 'VariableDeclaration' }>, unit: Unit, machine: Machine): void {
  if (node.declare === true) return
  for (const { id, init } of node.declarations) {
    const values = init === null ? UNDEFINED : machine.evaluate(init, unit)
    bindPattern(id, values, unit, machine)
    if (node.kind === 'using' || node.kind === 'await using')
      machine.send(values, '[dispose]', given(), { node: id, unit, machine })
  }
}

function enumerate(node: Extract<Node, { type: 'TSEnumDeclaration' }>, unit: Unit, machine: Machine): void {
  const variable = unit.module.code.declared.get(node.id)
  if (variable === undefined) return
  const id = `enum:${node.id.name}:${unit.id}`
  const thing = machine.once(id, () => new Thing(id, 'plain'), isThing)
  let next = 0
  for (const { id: name, initializer } of node.body.members) {
    const key = name.type === 'Identifier' ? name.name : name.type === 'Literal' ? name.value : undefined
    const values: Values = initializer === null ? one(next) : machine.evaluate(initializer, unit)
    next++
    if (key !== undefined) {
      machine.enter(thing, key, values)
    }
  }
  machine.put(machine.variable(variable, unit.frame), just(thing))
}

// `namespace Users { export const find = … }`
function collect(node: Extract<Node, { type: 'TSModuleDeclaration' }>, unit: Unit, machine: Machine): void {
  const variable = unit.module.code.declared.get(node.id)
  if (variable === undefined || node.body?.type !== 'TSModuleBlock') return
  const id = `namespace:${idOf(node)}:${unit.id}`
  const thing = machine.once(id, () => new Thing(id, 'plain'), isThing)
  machine.put(machine.variable(variable, unit.frame), just(thing))
  runStatements(node.body.body, unit, machine)
  const { references } = unit.module.code
  for (const statement of node.body.body) {
    if (statement.type !== 'ExportNamedDeclaration' || statement.declaration === null) continue
    for (const name of namedBy(statement.declaration)) {
      const inner = unit.module.code.declared.get(name) ?? references.get(name)
      if (inner === undefined) continue
      machine.enter(thing, inner.name, machine.variable(inner, unit.frame).see(unit))
    }
  }
}

function namedBy(node: Node): Node[] {
  if (node.type === 'VariableDeclaration') return node.declarations.map(({ id }) => id)
  if ((isFunction(node) || isClass(node)) && node.id !== null) return [node.id]
  return node.type === 'TSEnumDeclaration' || node.type === 'TSModuleDeclaration' ? [node.id] : []
}
