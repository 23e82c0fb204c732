// Answers the cases of `iamscope simulate` with @cloud-copilot/iam-simulate instead: cases in on
// standard input, answers out, a line each. A process of its own, so that the program has nothing
// of that package.
//
//     node outside.mjs FOLDER checked|unchecked
//
// FOLDER is where the package is installed. `checked` is its usual way in: it checks policies,
// action, resource and keys first, and leaves out keys that the action does not know (the answer
// names them). `unchecked` takes everything as it stands, but knows no session policies.

import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { DECISIONS, EVERYTHING } from './common.mjs'

const [folder, way] = process.argv.slice(2)
const require = createRequire(path.join(path.resolve(folder), 'package.json'))
const entry = require.resolve('@cloud-copilot/iam-simulate')
const { anonymousPrincipal, runSimulation, runUnsafeSimulation } = await import(pathToFileURL(entry))

const parsed = (policy) => (typeof policy === 'string' ? JSON.parse(policy) : policy)
const named = (name, policy) => ({ name, policy: parsed(policy) })
const text = (value) => (Array.isArray(value) ? value.map(String) : String(value))

const levels = (name, list, more) =>
  (list ?? []).map((level, at) => ({
    orgIdentifier: `${name}-${at}`,
    policies: [
      ...more.map((policy) => named(`${name}-${at}-all`, policy)),
      ...level.map((policy, number) => named(`${name}-${at}-${number}`, policy))
    ]
  }))

const accountIn = (arn) => {
  const account = arn.split(':')[4]
  return /^\d{12}$/.test(account ?? '') ? account : undefined
}

function simulation(test) {
  const context = Object.entries(test.context ?? {}).filter(([, value]) => value !== null)
  const owner = test.resource_account ?? accountIn(test.resource) ?? test.account
  return {
    request: {
      principal: test.principal_arn === '*' ? anonymousPrincipal : test.principal_arn,
      action: test.action,
      resource: {
        resource: test.resource,
        accountId: owner ?? accountIn(test.principal_arn) ?? ''
      },
      contextVariables: Object.fromEntries(context.map(([key, value]) => [key, text(value)]))
    },
    identityPolicies: (test.identity_policies ?? []).map((it) => named(it.name, it.policy)),
    serviceControlPolicies: levels('scp', test.scps, []),
    // The checked way adds the one that allows everything by itself.
    resourceControlPolicies: levels('rcp', test.rcps, way === 'unchecked' ? [EVERYTHING] : []),
    resourcePolicy: parsed(test.resource_policy ?? undefined),
    sessionPolicy: parsed(test.session_policy ?? undefined),
    permissionBoundaryPolicies: test.permissions_boundary
      ? [named('boundary', test.permissions_boundary)]
      : undefined
  }
}

async function answer(test) {
  const asked = simulation(test)
  if (way === 'unchecked') {
    if (asked.sessionPolicy) return { error: 'takes no session policy' }
    return { decision: DECISIONS[runUnsafeSimulation(asked, { simulationMode: 'Strict' })] }
  }
  const result = await runSimulation(asked, { simulationMode: 'Strict' })
  if (result.resultType === 'error') {
    const { message, ...details } = result.errors
    return { error: message, details }
  }
  const one = result.resultType === 'single' ? result.result : result.results[0]
  return { decision: DECISIONS[result.overallResult], ignored: one?.ignoredContextKeys ?? [] }
}

for await (const line of createInterface({ input: process.stdin })) {
  if (line.trim() === '') continue
  const test = JSON.parse(line)
  let said
  try {
    said = await answer(test)
  } catch (error) {
    said = { error: `throws: ${error.message}` }
  }
  process.stdout.write(JSON.stringify({ id: test.id, ...said }) + '\n')
}
