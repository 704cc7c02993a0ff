// Binds the names of a module: walks its tree once, opens scopes, and finds what each name refers to.
import {
  below,
  type FunctionNode,
  type ImportDeclaration,
  isClass,
  isFunction,
  type Node,
  nameOf,
  type Program,
} from './ast.ts'
import { declaredNames, expressionsIn, namesIn } from './pattern-parts.ts'
import {
  type Code,
  type Exported,
  functionScope,
  type ImportedFrom,
  lookUp,
  openScope,
  type Scope,
  type Variable,
} from './scope.ts'

/** Binds a module. `elides`: it is TypeScript, where an import that no value uses is not loaded. */
export function bind(file: string, text: string, program: Program, elides: boolean): Omit<Code, 'isBroken'> {
  return new Binder(file, text, program, elides).bind()
}

class Binder {
  readonly #file: string
  readonly #text: string
  readonly #program: Program
  readonly #elides: boolean
  readonly #module: Scope
  readonly #references = new Map<Node, Variable>()
  readonly #declared = new Map<Node, Variable>()
  readonly #scopes = new Map<Node, Scope>()
  readonly #pending: { readonly node: Node; readonly name: string; readonly scope: Scope }[] = []
  readonly #exportedLocals: { readonly name: string; readonly local: string }[] = []
  readonly #exports: Exported[] = []
  readonly #requests: { readonly specifier: string; readonly variables: readonly Variable[] | undefined }[] = []
  readonly #globals = new Set<string>()
  readonly #assigned: { readonly name: string; readonly scope: Scope }[] = []
  readonly #typeExports = new Map<string, string>()
  readonly #typeSources: { readonly name: string; readonly specifier: string; readonly imported?: string }[] = []
  #default: Code['defaultExport']

  constructor(file: string, text: string, program: Program, elides: boolean) {
    this.#file = file
    this.#text = text
    this.#program = program
    this.#elides = elides
    this.#module = openScope(undefined, program)
  }

  bind(): Omit<Code, 'isBroken'> {
    this.#hoist(this.#program.body, this.#module)
    for (const statement of this.#program.body) this.#walk(statement, this.#module)
    const used = this.#resolve()
    for (const { name, local } of this.#exportedLocals) {
      const variable = this.#module.names.get(local)
      if (variable !== undefined) {
        used.add(variable)
        this.#exports.push(
          variable.imported === undefined
            ? { kind: 'local', name, variable }
            : { kind: 'from', name, imported: variable.imported },
        )
      }
    }
    const loads = this.#requests.filter(
      ({ variables }) =>
        variables === undefined || !this.#elides || variables.length === 0 || variables.some((one) => used.has(one)),
    )
    return {
      file: this.#file,
      text: this.#text,
      program: this.#program,
      scope: this.#module,
      references: this.#references,
      scopes: this.#scopes,
      exports: this.#exports,
      typeExports: this.#typeExports,
      typeSources: this.#typeSources,
      assigned: new Set(this.#assigned.flatMap(({ name, scope }) => lookUp(scope, name) ?? [])),
      loads: [...new Set(loads.map(({ specifier }) => specifier))],
      isCommon: this.#globals.has('module') || this.#globals.has('exports'),
      declared: this.#declared,
      defaultExport: this.#default,
    }
  }

  #resolve(): Set<Variable> {
    const used = new Set<Variable>()
    for (const { node, name, scope } of this.#pending) {
      const variable = lookUp(scope, name)
      if (variable === undefined) this.#globals.add(name)
      else {
        this.#references.set(node, variable)
        used.add(variable)
      }
    }
    return used
  }

  #assign(target: Node, scope: Scope): void {
    for (const { name } of namesIn(target)) this.#assigned.push({ name, scope })
  }

  #declare(name: string, scope: Scope, given: Partial<Variable> = {}): Variable {
    const known = scope.names.get(name)
    if (known !== undefined && given.hoisted === undefined && given.imported === undefined) return known
    const variable: Variable = { name, owner: scope.owner, ...given }
    scope.names.set(name, variable)
    return variable
  }

  // Functions and classes are known in the whole block, `var` in the whole function.
  #hoist(statements: readonly Node[], scope: Scope): void {
    for (const statement of statements) {
      const declaration =
        (statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration') &&
        statement.declaration !== null
          ? statement.declaration
          : statement
      this.#hoistOne(declaration, scope)
    }
  }

  #hoistOne(node: Node, scope: Scope): void {
    if (node.type === 'FunctionDeclaration' && node.id !== null && node.body !== null) {
      this.#declared.set(node.id, this.#declare(node.id.name, scope, { hoisted: node }))
    } else if (node.type === 'ClassDeclaration' && node.id !== null) {
      this.#declared.set(node.id, this.#declare(node.id.name, scope))
      scope.typeNames.set(node.id.name, { node })
    } else if (node.type === 'TSEnumDeclaration') {
      this.#declared.set(node.id, this.#declare(node.id.name, scope))
      scope.typeNames.set(node.id.name, { node })
    } else if (node.type === 'TSModuleDeclaration') {
      if (node.id.type === 'Identifier' && node.body !== null && !node.declare)
        this.#declared.set(node.id, this.#declare(node.id.name, scope))
    } else if (node.type === 'TSInterfaceDeclaration' || node.type === 'TSTypeAliasDeclaration') {
      scope.typeNames.set(node.id.name, { node })
    } else if (node.type === 'VariableDeclaration' && node.declare !== true) {
      const target = node.kind === 'var' ? functionScope(scope) : scope
      for (const { id } of node.declarations) this.#declarePattern(id, target)
    }
  }

  #declarePattern(pattern: Node, scope: Scope): void {
    for (const name of namesIn(pattern)) this.#declared.set(name, this.#declare(name.name, scope))
  }

  // Defaults and computed keys are expressions; the rest of a pattern declares.
  #walkPattern(pattern: Node, scope: Scope): void {
    for (const one of expressionsIn(pattern)) this.#walk(one, scope)
  }

  #walk(node: Node, scope: Scope): void {
    if (isFunction(node)) this.#function(node, scope)
    else if (isClass(node)) this.#class(node, scope)
    else this.#walkOther(node, scope)
  }

  #walkOther(node: Node, scope: Scope): void {
    switch (node.type) {
      case 'Identifier':
        this.#pending.push({ node, name: node.name, scope })
        return
      case 'BlockStatement':
      case 'StaticBlock':
        this.#block(node.body, openScope(scope, scope.owner))
        return
      case 'SwitchStatement': {
        const inner = openScope(scope, scope.owner)
        this.#walk(node.discriminant, scope)
        this.#hoist(
          node.cases.flatMap((one) => one.consequent),
          inner,
        )
        for (const one of node.cases) for (const lower of below(one)) this.#walk(lower, inner)
        return
      }
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement': {
        const inner = openScope(scope, scope.owner)
        const head = node.type === 'ForStatement' ? node.init : node.left
        if (head?.type === 'VariableDeclaration') this.#hoistOne(head, inner)
        else if (node.type !== 'ForStatement') this.#assign(node.left, scope)
        for (const lower of below(node)) this.#walk(lower, inner)
        return
      }
      case 'CatchClause': {
        const inner = openScope(scope, scope.owner)
        if (node.param !== null) this.#declarePattern(node.param, inner)
        this.#walk(node.body, inner)
        return
      }
      case 'VariableDeclaration':
        if (node.declare === true) return
        for (const { id, init } of node.declarations) {
          this.#walkPattern(id, scope)
          if (init !== null) this.#walk(init, scope)
        }
        return
      case 'MemberExpression':
        this.#walk(node.object, scope)
        if (node.computed) this.#walk(node.property, scope)
        return
      case 'Property':
        if (node.computed) this.#walk(node.key, scope)
        this.#walk(node.value, scope)
        return
      case 'AssignmentExpression':
      case 'UpdateExpression':
        this.#assign(node.type === 'UpdateExpression' ? node.argument : node.left, scope)
        for (const lower of below(node)) this.#walk(lower, scope)
        return
      case 'LabeledStatement':
        this.#walk(node.body, scope)
        return
      case 'BreakStatement':
      case 'ContinueStatement':
      case 'MetaProperty':
        return
      default:
        this.#statement(node, scope)
    }
  }

  #statement(node: Node, scope: Scope): void {
    switch (node.type) {
      case 'ImportDeclaration':
        this.#import(node)
        return
      case 'ExportNamedDeclaration':
        for (const { local, exported } of node.specifiers) {
          const [name, imported] = [nameOf(exported), nameOf(local)]
          if (node.source === null) this.#typeExports.set(name, imported)
          else this.#typeSources.push({ name, specifier: node.source.value, imported })
        }
        if (node.exportKind === 'type') return
        if (node.declaration !== null) {
          for (const name of declaredNames(node.declaration)) this.#exportedLocals.push({ name, local: name })
          this.#walk(node.declaration, scope)
        }
        for (const { local, exported, exportKind } of node.specifiers) {
          if (exportKind === 'type') continue
          const name = nameOf(exported)
          if (node.source === null) this.#exportedLocals.push({ name, local: nameOf(local) })
          else {
            const imported = { specifier: node.source.value, name: nameOf(local) }
            this.#exports.push({ kind: 'from', name, imported })
          }
        }
        if (node.source !== null) this.#requests.push({ specifier: node.source.value, variables: undefined })
        return
      case 'ExportAllDeclaration': {
        const specifier = node.source.value
        if (node.exported === null) this.#typeSources.push({ name: '*', specifier })
        if (node.exportKind === 'type') return
        if (node.exported === null) this.#exports.push({ kind: 'all', specifier })
        else this.#exports.push({ kind: 'from', name: nameOf(node.exported), imported: { specifier, name: '*' } })
        this.#requests.push({ specifier, variables: undefined })
        return
      }
      case 'ExportDefaultDeclaration': {
        const { declaration } = node
        if (declaration.type === 'TSInterfaceDeclaration') return
        const isNamed = (isFunction(declaration) || isClass(declaration)) && declaration.id !== null
        if (isNamed && declaration.id !== null)
          this.#exportedLocals.push({ name: 'default', local: declaration.id.name })
        else {
          const variable: Variable = { name: 'default', owner: this.#program }
          this.#exports.push({ kind: 'local', name: 'default', variable })
          if (declaration.type !== 'FunctionDeclaration' || declaration.body !== null)
            this.#default = { variable, expression: declaration }
        }
        this.#walk(declaration, scope)
        return
      }
      case 'TSExportAssignment': {
        const variable: Variable = { name: 'export=', owner: this.#program }
        this.#exports.push({ kind: 'local', name: 'default', variable })
        this.#default = { variable, expression: node.expression }
        this.#walk(node.expression, scope)
        return
      }
      case 'TSImportEqualsDeclaration': {
        if (node.importKind === 'type' || node.moduleReference.type !== 'TSExternalModuleReference') return
        const specifier = node.moduleReference.expression.value
        const variable = this.#declare(node.id.name, this.#module, {
          imported: { specifier, name: 'default' },
        })
        this.#requests.push({ specifier, variables: [variable] })
        return
      }
      case 'TSModuleDeclaration': {
        if (node.body?.type !== 'TSModuleBlock' || node.declare) return
        const inner = openScope(scope, scope.owner)
        this.#hoist(node.body.body, inner)
        // What a namespace exports is not the module's.
        for (const one of node.body.body)
          this.#walk(one.type === 'ExportNamedDeclaration' && one.declaration !== null ? one.declaration : one, inner)
        return
      }
      case 'TSEnumDeclaration':
        for (const { initializer } of node.body.members) if (initializer !== null) this.#walk(initializer, scope)
        return
      case 'TSAsExpression':
      case 'TSSatisfiesExpression':
      case 'TSNonNullExpression':
      case 'TSTypeAssertion':
      case 'TSInstantiationExpression':
        this.#walk(node.expression, scope)
        return
      default:
        if (!node.type.startsWith('TS')) for (const lower of below(node)) this.#walk(lower, scope)
    }
  }

  #block(body: readonly Node[], inner: Scope): void {
    this.#hoist(body, inner)
    for (const one of body) this.#walk(one, inner)
  }

  #function(node: FunctionNode, outer: Scope): void {
    const scope = openScope(outer, node)
    this.#scopes.set(node, scope)
    for (const { name, ...parameter } of node.typeParameters?.params ?? [])
      scope.typeNames.set(name.name, { node: { ...parameter, name } })
    if (node.type === 'FunctionExpression' && node.id !== null && !scope.names.has(node.id.name))
      this.#declared.set(node.id, this.#declare(node.id.name, scope))
    for (const parameter of node.params) {
      this.#declarePattern(parameter, scope)
      if ('decorators' in parameter) for (const one of parameter.decorators ?? []) this.#walk(one, outer)
    }
    for (const parameter of node.params) this.#walkPattern(parameter, scope)
    if (node.body === null) return
    if (node.body.type === 'BlockStatement') this.#block(node.body.body, scope)
    else this.#walk(node.body, scope)
  }

  #class(node: Node, outer: Scope): void {
    if (!isClass(node)) return
    for (const one of node.decorators) this.#walk(one, outer)
    if (node.superClass !== null) this.#walk(node.superClass, outer)
    const scope = openScope(outer, node.body)
    this.#scopes.set(node, scope)
    this.#scopes.set(node.body, scope)
    if (node.id !== null && node.type === 'ClassExpression')
      this.#declared.set(node.id, this.#declare(node.id.name, scope))
    for (const element of node.body.body) {
      if (element.type === 'TSIndexSignature') continue
      if (element.type === 'StaticBlock') {
        this.#walk(element, scope)
        continue
      }
      for (const one of element.decorators) this.#walk(one, outer)
      if (element.computed) this.#walk(element.key, outer)
      if (element.value !== null) this.#walk(element.value, scope)
    }
  }

  #import(node: ImportDeclaration): void {
    const specifier = node.source.value
    const variables: Variable[] = []
    const bindName = (name: string, imported: ImportedFrom, node: Node, isType: boolean): void => {
      this.#module.typeNames.set(name, { imported })
      if (!isType) {
        const variable = this.#declare(name, this.#module, { imported })
        this.#declared.set(node, variable)
        variables.push(variable)
      }
    }
    for (const one of node.specifiers) {
      const isType = node.importKind === 'type' || (one.type === 'ImportSpecifier' && one.importKind === 'type')
      const name =
        one.type === 'ImportSpecifier' ? nameOf(one.imported) : one.type === 'ImportDefaultSpecifier' ? 'default' : '*'
      bindName(one.local.name, { specifier, name }, one.local, isType)
    }
    const isTypes = node.importKind === 'type' || (node.specifiers.length > 0 && variables.length === 0)
    if (!isTypes) this.#requests.push({ specifier, variables })
  }
}
