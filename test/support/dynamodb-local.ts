// Amazon's DynamoDB Local, where Java and its jars are here: `.ci/run` has Maven fetch them by test/judges/dynamodb-local.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Running, startProgram } from './peers.ts'

/** Where the jars are. */
const FOLDER = process.env.GOBLET_DYNAMODB_LOCAL ?? ''
const MAIN = 'com.amazonaws.services.dynamodbv2.local.main.ServerRunner'

/** Why a test that needs it is skipped, or false. */
export function noDynamoDbLocal(): string | false {
  if (spawnSync('java', ['-version'], { stdio: 'ignore' }).status !== 0) return 'java is not installed'
  return existsSync(FOLDER) ? false : 'GOBLET_DYNAMODB_LOCAL is no folder with DynamoDB Local'
}

/** Starts it in memory, on a free port. */
export const startDynamoDbLocal = (): Promise<Running> =>
  startProgram('dynamodb-local', (port) => ({
    program: 'java',
    words: [
      '-Xmx512m',
      `-Djava.library.path=${FOLDER}`,
      '-cp',
      join(FOLDER, '*'),
      MAIN,
      '-inMemory',
      '-sharedDb',
      '-port',
      String(port),
    ],
  }))
