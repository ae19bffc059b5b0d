// Loaded before anything else (node --require), and therefore written for any Node: an old one must
// end in one sentence, not in a stack trace about syntax it does not know.
"use strict";

var found = process.versions.node.split(".").map(Number);
var major = found[0];
var minor = found[1];

// The releases that run TypeScript as it is.
var isNewEnough = major > 23 || (major === 23 && minor >= 6) || (major === 22 && minor >= 18);

if (!isNewEnough) {
  process.stderr.write(
    "logto-onboarding needs Node 22.18, 23.6 or newer and this is Node " +
      process.versions.node +
      ": run it through npm (npm brings Node 24 on Linux) or install a newer Node.\n",
  );
  process.exit(1);
}
