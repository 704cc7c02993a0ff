// Two paths of one update or projection may not lie within each other, nor take one attribute for a list and for a map.
import { type Place, placeText } from './placeholders.ts'
import { ExpressionProblem } from './problem.ts'

/** Where paths part: the steps from here, and the paths that end here. In the order they came. */
interface Fork {
  readonly steps: Map<string | number, Fork>
  readonly ends: number[]
  /** The first path that came through here. */
  readonly first: number
}

interface Branch {
  readonly path: number
  readonly step?: string | number
  readonly fork?: Fork
}

/** Source: which clash is told, of several, is DynamoDB Local's choice: it walks the tree of the paths, the newest branch first. */
export function checkOverlaps(places: readonly Place[]): void {
  if (places.length < 2 || areAllApart(places)) return
  const root: Fork = { steps: new Map(), ends: [], first: 0 }
  for (const [index, place] of places.entries()) grow(root, place, index)
  visit(root, places)
}

// Nearly always: no two paths begin with the same name.
const areAllApart = (places: readonly Place[]): boolean =>
  new Set(places.map(([first]) => first)).size === places.length

function grow(root: Fork, place: Place, index: number): void {
  let fork = root
  for (const step of place) {
    const next = fork.steps.get(step) ?? { steps: new Map(), ends: [], first: index }
    fork.steps.set(step, next)
    fork = next
  }
  fork.ends.push(index)
}

function branchesOf({ steps, ends }: Fork): Branch[] {
  const inward = [...steps].map(([step, fork]): Branch => ({ path: fork.first, step, fork }))
  return [...inward, ...ends.map((path): Branch => ({ path }))].sort((left, right) => right.path - left.path)
}

function visit(fork: Fork, places: readonly Place[]): void {
  const branches = branchesOf(fork)
  for (const branch of branches) {
    if (branch.fork !== undefined) visit(branch.fork, places)
    const clashing = branches.find((other) => other !== branch && clashOf(branch, other) !== undefined)
    if (clashing !== undefined) throw toProblem(clashOf(branch, clashing) ?? 'overlap', branch, clashing, places)
  }
}

function clashOf(one: Branch, other: Branch): 'overlap' | 'conflict' | undefined {
  if (one.step === undefined || other.step === undefined) return 'overlap'
  return typeof one.step === typeof other.step ? undefined : 'conflict'
}

function toProblem(clash: string, one: Branch, other: Branch, places: readonly Place[]): ExpressionProblem {
  const [first, second] = [endOf(one), endOf(other)].sort((left, right) => left - right)
  const textOf = (index = 0): string => placeText(places[index] ?? [])
  return new ExpressionProblem(
    `Two document paths ${clash} with each other; must remove or rewrite one of these paths; path one: ${textOf(first)}, path two: ${textOf(second)}`,
  )
}

// The newest path that ends in a branch.
function endOf(branch: Branch): number {
  let at = branch
  while (at.fork !== undefined) {
    const [newest] = branchesOf(at.fork)
    if (newest === undefined) break
    at = newest
  }
  return at.path
}
