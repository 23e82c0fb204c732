// What both comparisons with @cloud-copilot/iam-simulate say alike.

// Its decisions in our words.
export const DECISIONS = {
  Allowed: 'allowed',
  ExplicitlyDenied: 'explicitDeny',
  ImplicitlyDenied: 'implicitDeny'
}

// A policy that allows everything: it wants one where we imply it.
export const EVERYTHING = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }]
}
