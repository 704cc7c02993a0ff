// Terraform's AWS provider, pointed at the local cloud: it applies what apps are made of, then finds nothing to change.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { startClock } from '../../src/local/index.ts'
import { runApp } from '../support/cloud.ts'
import { NO_TERRAFORM, plugins, terraform } from '../support/terraform.ts'

const MAIN = `
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}
provider "aws" {
  region            = "us-east-1"
  s3_use_path_style = true
}
resource "aws_s3_bucket" "photos" { bucket = "judged-photos" }
resource "aws_s3_bucket_versioning" "photos" {
  bucket = aws_s3_bucket.photos.id
  versioning_configuration { status = "Enabled" }
}
resource "aws_sqs_queue" "jobs" {
  name                       = "judged-jobs"
  visibility_timeout_seconds = 60
  tags                       = { team = "red" }
}
resource "aws_sns_topic" "news" { name = "judged-news" }
resource "aws_sns_topic_subscription" "news" {
  topic_arn = aws_sns_topic.news.arn
  protocol  = "sqs"
  endpoint  = aws_sqs_queue.jobs.arn
}
resource "aws_dynamodb_table" "notes" {
  name         = "judged-notes"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  range_key    = "at"
  attribute {
    name = "id"
    type = "S"
  }
  attribute {
    name = "at"
    type = "N"
  }
  ttl {
    attribute_name = "until"
    enabled        = true
  }
  tags = { team = "red" }
}
resource "aws_cloudwatch_event_rule" "made" {
  name          = "judged-made"
  event_pattern = jsonencode({ source = ["app"] })
}
resource "aws_cloudwatch_event_target" "made" {
  rule = aws_cloudwatch_event_rule.made.name
  arn  = aws_sqs_queue.jobs.arn
}
resource "aws_cloudwatch_log_group" "own" {
  name              = "/judged/own"
  retention_in_days = 7
}
resource "aws_ssm_parameter" "word" {
  name  = "/judged/word"
  type  = "SecureString"
  value = "word"
}
resource "aws_secretsmanager_secret" "key" { name = "judged/key" }
resource "aws_secretsmanager_secret_version" "key" {
  secret_id     = aws_secretsmanager_secret.key.id
  secret_string = "word"
}
data "aws_caller_identity" "me" {}
output "account" { value = data.aws_caller_identity.me.account_id }
`

test('Terraform applies a bucket, a queue, a topic, a table and a rule, then plans no change', async (t) => {
  // Not a skip, which would fail where judges are required: this one need not be there.
  if (plugins === undefined) return t.diagnostic(NO_TERRAFORM)
  const folder = mkdtempSync(join(tmpdir(), 'goblet-terraform-'))
  writeFileSync(join(folder, 'main.tf'), MAIN)
  await using app = await runApp({ functions: {} }, { clock: startClock() })
  const run = async (...words: readonly string[]) => terraform(folder, app.cloud.aws, words)
  const init = await run('init', `-plugin-dir=${plugins}`)
  assert.equal(init.status, 0, init.text)
  const apply = await run('apply', '-auto-approve')
  assert.equal(apply.status, 0, apply.text)
  assert.match(apply.text, /Apply complete! Resources: 12 added, 0 changed, 0 destroyed\./)
  assert.match(apply.text, /account = "000000000000"/)
  // 2 would say that there is something to change.
  const plan = await run('plan', '-detailed-exitcode')
  assert.equal(plan.status, 0, plan.text)
  const destroy = await run('destroy', '-auto-approve')
  assert.equal(destroy.status, 0, destroy.text)
  rmSync(folder, { recursive: true })
})
