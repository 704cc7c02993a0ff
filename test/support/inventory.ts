// What an account of an AWS-compatible endpoint holds, by name: to see that nothing stays behind.
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const SCRIPT = fileURLToPath(new URL('inventory.py', import.meta.url))

/** Everything there, sorted: `queue hello-dev-jobs`. What the services themselves have from the start is left out. Needs boto3. */
export async function inventory(endpoint: string): Promise<string[]> {
  const { stdout } = await run('python3', [SCRIPT, endpoint])
  return JSON.parse(stdout)
}
