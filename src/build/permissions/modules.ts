// The modules that a function loads: found, run once, and linked by what they export to each other.
import type { Node } from './ast.ts'
import { ANYTHING, just, NOTHING, one, UNDEFINED, type Values } from './atoms.ts'
import { cellOf, type Frame, openFrame, Thing } from './heap.ts'
import type { Machine, Site, Unit } from './machine.ts'
import { readCode, readText } from './parse.ts'
import { type Resolved, Resolver } from './resolution.ts'
import type { Code, Exported, ImportedFrom, Scope, TypeEntry } from './scope.ts'
import { join } from './values.ts'

/** A module as one function loads it. */
export class Module {
  readonly file: string
  readonly code: Code
  readonly frame: Frame
  /** `module` of CommonJS. */
  readonly common: Thing
  readonly namespace: Thing
  unit: Unit | undefined

  constructor(file: string, code: Code) {
    this.file = file
    this.code = code
    this.frame = openFrame({ owner: code.program, parent: undefined, module: this, home: undefined })
    this.common = new Thing(`module:${file}`, 'plain')
    this.namespace = new Thing(`namespace:${file}`, 'plain')
  }
}

/** What is exported by packages that are not read. */
export type Packages = (specifier: string, name: string, directory: string | undefined, machine: Machine) => Values

/** What is known of a value by its type, where that is a package's. */
export type PackageTypes = (specifier: string, name: string, machine: Machine) => Values | undefined

export class Modules {
  readonly #loaded = new Map<string, Module>()
  readonly #data = new Map<string, Values>()
  readonly #resolver = new Resolver()
  readonly #typed = new Map<string, Module>()
  readonly #packages: Packages
  readonly #packageTypes: PackageTypes

  constructor(packages: Packages, packageTypes: PackageTypes) {
    this.#packages = packages
    this.#packageTypes = packageTypes
  }

  all(): readonly Module[] {
    return [...this.#loaded.values()]
  }

  /** Loads a file of the user's: everything that it loads, then itself. */
  load(file: string, machine: Machine, site: Site | undefined): Module | undefined {
    const known = this.#loaded.get(file)
    if (known !== undefined) return known
    const code = readCode(file)
    if (code === undefined) return undefined
    const module = new Module(file, code)
    this.#loaded.set(file, module)
    const exports = new Thing(`exports:${file}`, 'plain')
    machine.enter(module.common, 'exports', just(exports))
    this.#name(module, machine)
    for (const specifier of code.loads) {
      const found = this.#resolver.resolve(specifier, file)
      if (found.kind === 'file' && !found.file.endsWith('.json')) this.load(found.file, machine, site)
    }
    const unit = machine.start(`module:${file}`, code.program, module.frame, NOTHING, site)
    module.unit = unit
    if (code.isBroken) machine.facts.broken({ node: code.program, unit, machine })
    for (const specifier of code.loads) {
      const node = importOf(code, specifier)
      const found = this.#resolver.resolve(specifier, file)
      if (node !== undefined && found.kind === 'package') machine.facts.imported(found, { node, unit, machine })
    }
    return module
  }

  // The namespace holds the very cells of what is exported.
  #name(module: Module, machine: Machine): void {
    for (const entry of module.code.exports) {
      if (entry.kind !== 'local') continue
      module.namespace.members.set(entry.name, cellOf(module.frame.cells, entry.variable))
      machine.notify(module.namespace.names)
    }
  }

  resolve(specifier: string, importer: Module): Resolved {
    return this.#resolver.resolve(specifier, importer.file)
  }

  /** What an imported name is worth. */
  linked(importer: Module, { specifier, name }: ImportedFrom, site: Site, seen = new Set<string>()): Values {
    const found = this.resolve(specifier, importer)
    if (found.kind === 'package') return this.#packages(found.specifier, name, found.directory, site.machine)
    if (found.file.endsWith('.json')) {
      const data = this.#json(found.file, site)
      return name === '*' || name === 'default' ? data : site.machine.read(data, [name], site)
    }
    const module = this.load(found.file, site.machine, site)
    if (module === undefined) return ANYTHING
    return this.exported(module, name, site, seen) ?? UNDEFINED
  }

  /** What a module exports under a name; undefined where it exports no such thing. */
  exported(module: Module, name: string, site: Site, seen = new Set<string>()): Values | undefined {
    const { machine, unit } = site
    const key = `${module.file}\0${name}`
    if (seen.has(key)) return undefined
    seen.add(key)
    if (module.code.isCommon && module.code.exports.length === 0) {
      const exports = module.common.own('exports', unit)
      if (name === '*' || name === 'default') return exports
      return machine.read(exports, [name], site)
    }
    if (name === '*') return just(this.namespace(module, site))
    const direct = module.code.exports.find((one) => one.kind !== 'all' && one.name === name)
    if (direct?.kind === 'local') return this.#local(module, direct, site)
    if (direct?.kind === 'from') return this.linked(module, direct.imported, site, seen)
    if (name === 'default') return undefined
    for (const one of module.code.exports) {
      if (one.kind !== 'all') continue
      const found = this.resolve(one.specifier, module)
      if (found.kind === 'package') {
        const values = this.#packages(found.specifier, name, found.directory, machine)
        if (values.size > 0) return values
        continue
      }
      const target = this.load(found.file, machine, site)
      const values = target === undefined ? undefined : this.exported(target, name, site, seen)
      if (values !== undefined) return values
    }
    return undefined
  }

  #local(module: Module, { variable }: Extract<Exported, { kind: 'local' }>, { unit, machine }: Site): Values {
    const cell = cellOf(module.frame.cells, variable)
    machine.modules.hoist(module, machine)
    return cell.see(unit)
  }

  /** Functions that are declared exist before their module has run. */
  hoist(module: Module, machine: Machine): void {
    for (const variable of module.code.scope.names.values()) {
      const cell = cellOf(module.frame.cells, variable)
      if (variable.hoisted !== undefined && cell.values.size === 0)
        machine.put(cell, machine.closure(variable.hoisted, module.frame))
    }
  }

  /** A module as an object, with all that it passes on. */
  namespace(module: Module, site: Site, seen = new Set<string>()): Thing {
    if (seen.has(module.file)) return module.namespace
    seen.add(module.file)
    const { machine } = site
    this.hoist(module, machine)
    for (const entry of module.code.exports) {
      if (entry.kind === 'from') {
        machine.enter(module.namespace, entry.name, this.linked(module, entry.imported, site))
      } else if (entry.kind === 'all') {
        const found = this.resolve(entry.specifier, module)
        if (found.kind === 'package') {
          machine.put(module.namespace.bases, this.#packages(found.specifier, '*', found.directory, machine))
          continue
        }
        const target = this.load(found.file, machine, site)
        if (target === undefined) continue
        for (const [name, values] of this.namespace(target, site, seen).entries(site.unit)) {
          if (name === 'default') continue
          machine.enter(module.namespace, name, values)
        }
      }
    }
    return module.namespace
  }

  /** `require` and `import()`. */
  require(specifiers: readonly string[], importer: Module, site: Site, isImport: boolean): Values {
    let all: Values = NOTHING
    for (const specifier of specifiers) {
      const found = this.resolve(specifier, importer)
      if (found.kind === 'package') site.machine.facts.imported(found, site)
      const values = this.linked(importer, { specifier, name: '*' }, site)
      if (!isImport || found.kind === 'package') {
        all = join(all, values)
        continue
      }
      const target = this.#loaded.get(found.file)
      // What `import()` gives of CommonJS has it as its default, too.
      if (target?.code.isCommon !== true || target.code.exports.length > 0) all = join(all, values)
      else {
        const wrapped = new Thing(`imported:${found.file}`, 'plain')
        site.machine.enter(wrapped, 'default', values)
        site.machine.put(wrapped.bases, values)
        all = join(all, just(wrapped))
      }
    }
    return all
  }

  /** A type that a module exports; the module is not run for it. */
  typeOf(file: string, name: string, depth = 0): { entry: TypeEntry; module: Module; scope: Scope } | undefined {
    const module = this.#loaded.get(file) ?? this.#typed.get(file) ?? this.#read(file)
    if (module === undefined || depth > 8) return undefined
    const { scope, typeExports } = module.code
    const local = typeExports.get(name) ?? name
    const entry = scope.typeNames.get(local)
    if (entry !== undefined) return { entry, module, scope }
    for (const one of module.code.typeSources) {
      if (one.name !== '*' && one.name !== name) continue
      const found = this.resolve(one.specifier, module)
      if (found.kind === 'package')
        return { entry: { imported: { specifier: one.specifier, name: one.imported ?? name } }, module, scope }
      const target = this.typeOf(found.file, one.imported ?? name, depth + 1)
      if (target !== undefined) return target
    }
    return undefined
  }

  #read(file: string): Module | undefined {
    const code = readCode(file)
    if (code === undefined) return undefined
    const module = new Module(file, code)
    this.#typed.set(file, module)
    return module
  }

  /** A value of which only is known that it is of a type of a package. */
  typed(specifier: string, name: string, machine: Machine): Values | undefined {
    return this.#packageTypes(specifier, name, machine)
  }

  #json(file: string, { machine }: Site): Values {
    const found = this.#data.get(file)
    if (found !== undefined) return found
    let values: Values = ANYTHING
    try {
      values = toValues(JSON.parse(readText(file) ?? ''), `json:${file}`, machine)
    } catch {
      // What is no JSON does not build, and esbuild says so.
    }
    this.#data.set(file, values)
    return values
  }
}

const isThing = (value: unknown): value is Thing => value instanceof Thing

/** Data as values. */
export function toValues(data: unknown, id: string, machine: Machine): Values {
  if (data === null || typeof data === 'string' || typeof data === 'number' || typeof data === 'boolean')
    return one(data)
  if (typeof data !== 'object') return UNDEFINED
  const thing = machine.once(id, () => new Thing(id, Array.isArray(data) ? 'array' : 'plain'), isThing)
  for (const [name, value] of Object.entries(data)) {
    machine.enter(thing, name, toValues(value, `${id}.${name}`, machine))
  }
  return just(thing)
}

// The statement that imports a module.
const importOf = ({ program }: Code, specifier: string): Node | undefined =>
  program.body.find(
    (one) =>
      ('source' in one && one.source?.value === specifier) ||
      (one.type === 'TSImportEqualsDeclaration' &&
        one.moduleReference.type === 'TSExternalModuleReference' &&
        one.moduleReference.expression.value === specifier),
  )
