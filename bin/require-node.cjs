// Loaded before anything else (node --require), and therefore written for any Node: an old one must
// end in one sentence, not in a stack trace about syntax it does not know.
"use strict";

var needed = [22, 18];
var found = process.versions.node.split(".").map(Number);

if (found[0] < needed[0] || (found[0] === needed[0] && found[1] < needed[1])) {
  process.stderr.write(
    "logto-onboarding needs Node " +
      needed.join(".") +
      " or newer and this is Node " +
      process.versions.node +
      ": run it through npm (npm brings Node 24 on Linux) or install a newer Node.\n",
  );
  process.exit(1);
}
