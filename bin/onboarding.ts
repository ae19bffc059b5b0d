import { runOnboarding } from "./main.ts";

process.exitCode = await runOnboarding(process.argv.slice(2));
