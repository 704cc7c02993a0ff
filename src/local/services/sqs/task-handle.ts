// Handles of message move tasks: AWS's are the task's id and its source, as JSON in base64 (seen in recordings).
import { isObject } from '../../../aws/protocol/json.ts'
import { invalidParameter } from './problems.ts'

export const toTaskHandle = (taskId: string, sourceArn: string): string =>
  Buffer.from(JSON.stringify({ taskId, sourceArn })).toString('base64')

export function fromTaskHandle(handle: string): { taskId: string; sourceArn: string } {
  try {
    const value: unknown = JSON.parse(Buffer.from(handle, 'base64').toString())
    if (isObject(value)) {
      const { taskId, sourceArn } = value
      if (typeof taskId === 'string' && typeof sourceArn === 'string') return { taskId, sourceArn }
    }
  } catch {
    // Refused below, as any other garbage.
  }
  throw invalidParameter('Value for parameter TaskHandle is invalid.')
}
