// The files of one package that are shipped, and those among them that Lambda could not run.
import { closeSync, lstatSync, openSync, readdirSync, readFileSync, readSync, realpathSync, statSync } from 'node:fs'
import { join, sep } from 'node:path'
import { HEAD, isExecutable, obstacleOf, readBinary } from './binary.ts'
import { abiOf, cpuOf, type Platform, spokenOf } from './platform.ts'

/** A file of a package. */
export interface PackageFile {
  /** Within the package, with slashes. */
  readonly path: string
  /** On disk, absolute. */
  readonly file: string
  readonly bytes: number
  /** Changes whenever the file does. */
  readonly stamp: string
}

export interface PackageFiles {
  readonly files: readonly PackageFile[]
  /** Some of it is machine code for the platform. */
  readonly fits: boolean
  /** What of it could not be run there: the file and why. */
  readonly wrong: readonly string[]
  /** Why some of it was left out, likewise. */
  readonly left: readonly string[]
}

// What only people, compilers, debuggers and other systems read. Licences stay.
const UNREAD =
  /\.(?:d\.[cm]?ts|map|md|markdown|c|cc|cpp|cxx|h|hh|hpp|gypi?|o|obj|a|lib|pdb|mk|tsbuildinfo|exe|dll|dylib)$|(?:^|\/)\.[^/]*$/i
const FOLDERS = new Set(['node_modules', '.git', '.github', 'obj.target', '.deps'])

/** Everything in a package's folder that a function may need. What a link outside of it names is not in it. */
export function listFiles(directory: string): PackageFile[] {
  const all: PackageFile[] = []
  const look = (folder: string, within: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = within + entry.name
      const file = join(folder, entry.name)
      if (entry.isDirectory()) {
        if (!FOLDERS.has(entry.name)) look(file, `${path}/`)
      } else if (!UNREAD.test(path) && (entry.isFile() || isFileWithin(directory, file))) {
        const { size, mtimeMs, ino } = statSync(file)
        all.push({ path, file, bytes: size, stamp: `${size} ${mtimeMs} ${ino}` })
      }
    }
  }
  look(directory, '')
  return all.sort((left, right) => (left.path < right.path ? -1 : 1))
}

function isFileWithin(directory: string, link: string): boolean {
  if (!lstatSync(link).isSymbolicLink()) return false
  try {
    const real = realpathSync(link)
    return real.startsWith(realpathSync(directory) + sep) && statSync(real).isFile()
  } catch {
    return false
  }
}

/** A file, and whether Lambda could run it. */
export interface JudgedFile {
  readonly file: PackageFile
  readonly verdict: 'data' | 'fits' | 'foreign'
  /** Why it is foreign. */
  readonly why: string
}

export const judgeFiles = (all: readonly PackageFile[], platform: Platform): JudgedFile[] =>
  all.map((file) => ({ file, ...judge(file, platform) }))

/**
 * Sorts a package's files: machine code for another platform is left out where its name says so, or where it was compiled
 * here (`build`, `bin`) and the package has the right code besides; anywhere else it is wrong. `served`: another package
 * brings the right code for this one.
 */
export function chooseFiles(judged: readonly JudgedFile[], platform: Platform, served: boolean): PackageFiles {
  const isPrebuilt = judged.some(({ file, verdict }) => verdict === 'fits' && !isMade(file.path))
  const fits = judged.some(({ verdict }) => verdict === 'fits')
  const wrong: string[] = []
  const left: string[] = []
  const files = judged.flatMap(({ file, verdict, why }) => {
    if (verdict === 'data') return [file]
    // What was compiled here would be loaded first, and what comes with the package is made to run anywhere.
    if (isMade(file.path) && (isPrebuilt || served)) return []
    if (verdict === 'fits') return [file]
    const isTold = spokenOf(file.path, cpuOf(platform)) === 'other' || ABI.test(file.path)
    const said = isTold ? left : wrong
    said.push(`${file.path} ${why}`)
    return []
  })
  return { files, fits, wrong, left }
}

// `node.abi127.node`: for one version of Node's own interface, beside those for others.
const ABI = /abi\d+/

const isMade = (path: string): boolean => /^(?:build|bin)\//.test(path)

function judge({ path, file }: PackageFile, platform: Platform): Omit<JudgedFile, 'file'> {
  const cpu = cpuOf(platform)
  const binary = readBinary(path, headOf(file))
  if (binary === undefined) return { verdict: 'data', why: '' }
  if (binary.system !== 'linux') return { verdict: 'foreign', why: 'is not for Linux' }
  if (binary.cpu !== cpu) return { verdict: 'foreign', why: `is not for ${platform.architecture}` }
  if (spokenOf(path, cpu) === 'other') return { verdict: 'foreign', why: 'is for another platform' }
  const why = obstacleOf(path, readFileSync(file), abiOf(platform))
  return why === undefined ? { verdict: 'fits', why: '' } : { verdict: 'foreign', why }
}

/** The beginning of a file. */
export function headOf(file: string): Buffer {
  const head = Buffer.alloc(HEAD)
  const opened = openSync(file, 'r')
  try {
    return head.subarray(0, readSync(opened, head, 0, HEAD, 0))
  } finally {
    closeSync(opened)
  }
}

/** Whether a file needs the right to be run. */
export const isRun = (path: string, file: string): boolean => isExecutable(path, headOf(file))
