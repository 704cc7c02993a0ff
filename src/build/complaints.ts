// What esbuild says is wrong, in our words.
import { relative, resolve, sep } from 'node:path'
import type { Message } from 'esbuild'
import { complaint, GobletError, type Where } from '../errors.ts'

/** A path as people see it: relative to the project, with forward slashes. */
export function shown(root: string, file: string): string {
  return relative(root, file).split(sep).join('/')
}

/** Where a message of esbuild points to, columns starting at 1. Its paths are relative to where esbuild worked. */
export function whereOf(root: string, message: Message, directory = root): Where | undefined {
  const { location } = message
  if (location === null) return undefined
  const path = location.file.replace(/^[a-z-]+:/, '')
  return { file: shown(root, resolve(directory, path)), line: location.line, column: location.column + 1 }
}

/** Turns the errors of a failed esbuild run into one GobletError; anything else is thrown on as it is. */
export function toBuildError(root: string, error: unknown, directory = root): unknown {
  const messages = errorsOf(error)
  if (messages === undefined) return error
  return new GobletError(
    messages.map((message) => {
      const line = message.location?.lineText.trim()
      const problem = line === undefined || line === '' ? message.text : `${message.text}\n    ${line}`
      return complaint('GOBLET_BUILD_FAILED', { problem }, whereOf(root, message, directory))
    }),
  )
}

function errorsOf(error: unknown): readonly Message[] | undefined {
  if (!(error instanceof Error) || !('errors' in error) || !isMessages(error.errors)) return undefined
  return error.errors
}

function isMessages(value: unknown): value is readonly Message[] {
  return Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'object' && 'text' in one)
}
