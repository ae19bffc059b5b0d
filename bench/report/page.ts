import type { Machine } from "../machine.ts";
import type { Result } from "../result.ts";
export function writePerformancePage(_r: readonly Result[], _m: Machine): void {}
