// What packages export, whose code is not read: the SDK, Goblet itself, libraries that are known, and all others.
import { just, type Values } from './atoms.ts'
import { external } from './externals.ts'
import { gobletExport } from './goblet/factories.ts'
import { libraryExport } from './libraries/index.ts'
import type { Machine } from './machine.ts'
import type { Packages, PackageTypes } from './modules.ts'
import { nodeExport } from './node-modules.ts'
import { clientType } from './sdk/client-types.ts'
import { sdkExport } from './sdk/packages.ts'
import { oldExport } from './sdk/v2.ts'

export const packages: Packages = (specifier, name, _, machine) => {
  if (specifier === 'goblet') return gobletExport(name)
  if (/^aws-sdk(?:\/|$)/.test(specifier)) return oldExport(specifier, name)
  return (
    sdkExport(specifier, name) ??
    nodeExport(specifier, name, machine) ??
    libraryExport(specifier, name) ??
    other(specifier, name, machine)
  )
}

const other = (specifier: string, name: string, machine: Machine): Values =>
  just(external(specifier, name === '*' ? '' : name, machine))

export const packageTypes: PackageTypes = (specifier, name, machine) => clientType(specifier, name, machine)
