// Asks @cloud-copilot/iam-simulate the same about every principal of an account, one after the
// other. The questions come on standard input as JSON: `account`, the path of what `aws iam
// get-account-authorization-details` prints; `questions`, each an action and a resource with the
// decisions that are compared; `seconds`, how long one may take; `differing`, of how many that are
// decided otherwise the case is wanted. Answers are lines of JSON.
//
//     node everybody.mjs FOLDER
//
// FOLDER is where the package is installed. `checked` and `unchecked` are its two ways in, as in
// outside.mjs. Only the asking is measured: policies are parsed, and for the checked way checked,
// before.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { DECISIONS, EVERYTHING } from './common.mjs'

const [folder] = process.argv.slice(2)
const require = createRequire(path.join(path.resolve(folder), 'package.json'))
const load = (name) => import(pathToFileURL(require.resolve(`@cloud-copilot/${name}`)))
const { runSimulation, runUnsafeSimulation } = await load('iam-simulate')
const { createValidatedPolicy, validateIdentityPolicy, validateResourcePolicy } =
  await load('iam-policy')

// How many are asked to see how long one takes.
const FIRST = 300

const { account: file, questions, seconds, differing } = JSON.parse(readFileSync(0, 'utf8'))
const account = JSON.parse(readFileSync(file, 'utf8'))

// --- what everybody has --------------------------------------------------------------------------

// Equal documents are one: each is checked once.
const documents = new Map()
function document(policy) {
  const text = JSON.stringify(policy)
  if (!documents.has(text)) {
    documents.set(text, { policy, checked: createValidatedPolicy(policy, validateIdentityPolicy) })
  }
  return documents.get(text)
}

const inForce = (policy) => policy.PolicyVersionList.find((it) => it.IsDefaultVersion).Document
const managed = new Map(account.Policies.map((it) => [it.Arn, document(inForce(it))]))

const attached = (list) =>
  (list ?? []).map((it) => ({ name: it.PolicyArn, ...managed.get(it.PolicyArn) }))
const inline = (list) =>
  (list ?? []).map((it) => ({ name: it.PolicyName, ...document(it.PolicyDocument) }))

const groups = new Map(
  account.GroupDetailList.map((it) => [
    it.GroupName,
    [...attached(it.AttachedManagedPolicies), ...inline(it.GroupPolicyList)]
  ])
)
const boundary = (it) => {
  const arn = it.PermissionsBoundary?.PermissionsBoundaryArn
  return arn ? [{ name: 'boundary', ...managed.get(arn) }] : undefined
}
const tagged = (prefix, tags) => (tags ?? []).map((it) => [`${prefix}${it.Key}`, it.Value])
const principal = (it, policies, context) => ({
  arn: it.Arn,
  policies,
  boundary: boundary(it),
  context: Object.fromEntries([
    ['aws:PrincipalArn', it.Arn],
    ['aws:PrincipalAccount', it.Arn.split(':')[4]],
    ...context,
    ...tagged('aws:PrincipalTag/', it.Tags)
  ])
})
const users = account.UserDetailList.map((it) =>
  principal(
    it,
    [
      ...attached(it.AttachedManagedPolicies),
      ...inline(it.UserPolicyList),
      ...it.GroupList.flatMap((name) => groups.get(name))
    ],
    [
      ['aws:PrincipalType', 'User'],
      ['aws:username', it.UserName],
      ['aws:userid', it.UserId]
    ]
  )
)
// How the id of a role's session goes on nobody knows.
const roles = account.RoleDetailList.map((it) =>
  principal(
    it,
    [...attached(it.AttachedManagedPolicies), ...inline(it.RolePolicyList)],
    [['aws:PrincipalType', 'AssumedRole']]
  )
)
const everybody = [...users, ...roles]

// --- what is asked -------------------------------------------------------------------------------

function simulation(question, who, resource, way) {
  const taken = (list) => list?.map(({ name, [way]: policy }) => ({ name, policy }))
  return {
    request: {
      principal: who.arn,
      action: question.action,
      resource: { resource: question.resource, accountId: who.arn.split(':')[4] },
      contextVariables: { ...who.context, ...resource.context }
    },
    identityPolicies: taken(who.policies),
    serviceControlPolicies: [],
    // The checked way adds the one that allows everything by itself.
    resourceControlPolicies:
      way === 'policy'
        ? [{ orgIdentifier: 'root', policies: [{ name: 'all', policy: EVERYTHING }] }]
        : [],
    resourcePolicy: resource.taken,
    permissionBoundaryPolicies: taken(who.boundary)
  }
}

// What is known of the resource, and its trust policy where that counts.
function resourceOf(question) {
  const role = account.RoleDetailList.find((it) => it.Arn === question.resource)
  const tags = role?.Tags
  const trust = question.action.startsWith('sts:') ? role?.AssumeRolePolicyDocument : undefined
  return {
    policy: trust,
    // The unchecked way falls over a resource's policy without a name, which only this form has.
    taken: trust && createValidatedPolicy(trust, validateResourcePolicy, { name: 'trust' }),
    context: Object.fromEntries([
      ['aws:ResourceAccount', account.UserDetailList[0].Arn.split(':')[4]],
      ...tagged('aws:ResourceTag/', tags),
      ...tagged('iam:ResourceTag/', tags)
    ])
  }
}

const ways = {
  checked: ['checked', async (asked) => {
    const result = await runSimulation(asked, { simulationMode: 'Strict' })
    if (result.resultType === 'error') return `refused: ${result.errors.message}`
    return DECISIONS[result.overallResult]
  }],
  unchecked: ['policy', async (asked) =>
    DECISIONS[runUnsafeSimulation(asked, { simulationMode: 'Strict' })]]
}

async function ask(prepared, answer) {
  const decisions = []
  const before = process.cpuUsage()
  for (const asked of prepared) decisions.push(await answer(asked))
  const { user, system } = process.cpuUsage(before)
  return { decisions, seconds: (user + system) / 1e6 }
}

// The question as a case of `iamscope simulate`.
const asCase = (question, who, resource) => ({
  principal_arn: who.arn,
  action: question.action,
  resource: question.resource,
  context: { ...who.context, ...resource.context },
  identity_policies: who.policies.map(({ name, policy }) => ({ name, policy })),
  permissions_boundary: who.boundary?.[0].policy,
  resource_policy: resource.policy
})

for (const question of questions) {
  const resource = resourceOf(question)
  for (const [way, [form, answer]] of Object.entries(ways)) {
    const prepare = (list) => list.map((who) => simulation(question, who, resource, form))
    const step = Math.ceil(everybody.length / FIRST)
    const first = await ask(prepare(everybody.filter((_, at) => at % step === 0)), answer)
    const all = (first.seconds / first.decisions.length) * everybody.length
    const every = Math.max(1, Math.ceil(all / seconds))
    const chosen = everybody.filter((_, at) => at % every === 0)
    const found = await ask(prepare(chosen), answer)
    const decisions = new Map(chosen.map((who, at) => [who.arn, found.decisions[at]]))
    const differs = ({ arn }) =>
      Object.values(DECISIONS).includes(decisions.get(arn)) &&
      decisions.get(arn) !== question.decisions[arn]
    const cases = chosen.filter(differs).slice(0, differing)
    const said = {
      action: question.action,
      way,
      asked: chosen.length,
      seconds: found.seconds,
      decisions: Object.fromEntries(decisions),
      cases: Object.fromEntries(cases.map((who) => [who.arn, asCase(question, who, resource)]))
    }
    process.stdout.write(JSON.stringify(said) + '\n')
  }
}
