import { cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { unzipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundleFunction, zipFunction } from "../../deploy/bundle.ts";
import BundlePlugin from "../../deploy/bundle-plugin.ts";
import { runProgram } from "../support/command-line.ts";

const HANDLER = "functions/invitations.handler";

// Outside of the project, where no node_modules can help a bundle that is not whole.
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "onboarding-bundle-"));
});
afterAll(() => rm(directory, { recursive: true }));

describe("a bundled function", () => {
  let module: string;
  beforeAll(async () => {
    module = join(directory, "alone", "invitations.mjs");
    await bundleFunction(HANDLER, module);
    await rm(`${module}.map`);
  });

  test("is one module that needs nothing beside it and exports its handler", async () => {
    expect(await readdir(join(directory, "alone"))).toEqual(["invitations.mjs"]);
    const script = `import(${JSON.stringify(pathToFileURL(module).href)}).then((loaded) =>
      console.log(Object.keys(loaded).join(), typeof loaded.handler))`;
    expect(await runProgram(process.execPath, ["--eval", script], { directory })).toEqual({
      code: 0,
      stdout: "handler function\n",
      stderr: "",
    });
  });

  test("holds no path of the machine that built it", async () => {
    const root = join(import.meta.dirname, "..", "..");
    expect(await readFile(module, "utf8")).not.toContain(root);
  });

  test("that does not exist is an error that names it", async () => {
    const building = bundleFunction("functions/missing.handler", join(directory, "missing.mjs"));
    await expect(building).rejects.toThrow("functions/missing.ts");
  });
});

describe("a function's zip", () => {
  test("holds the module and its source map where Lambda looks for the handler", async () => {
    const { path, bytes } = await zipFunction(HANDLER, join(directory, "zip"));
    const zip = await readFile(path);
    expect(zip.byteLength).toBe(bytes);
    const files = unzipSync(zip);
    expect(Object.keys(files)).toEqual([
      "functions/invitations.mjs",
      "functions/invitations.mjs.map",
    ]);
    const module = join(directory, "zip", "functions", "invitations.mjs");
    const zipped = files["functions/invitations.mjs"] ?? new Uint8Array();
    expect(Buffer.from(zipped).equals(await readFile(module))).toBe(true);
  });

  test("has the same bytes when it is made again, at another time and in another time zone", async () => {
    const { path } = await zipFunction(HANDLER, join(directory, "again"));
    await cp(path, join(directory, "first.zip"));
    await rm(join(directory, "again"), { recursive: true });
    const before = process.env["TZ"];
    process.env["TZ"] = "Pacific/Kiritimati";
    try {
      await zipFunction(HANDLER, join(directory, "again"));
    } finally {
      if (before === undefined) delete process.env["TZ"];
      else process.env["TZ"] = before;
    }
    const [first, second] = await Promise.all(
      [join(directory, "first.zip"), path].map((file) => readFile(file)),
    );
    expect(second && first?.equals(second)).toBe(true);
  });
});

describe("the serverless plugin", () => {
  type Definition = { handler: string; package?: { artifact: string } };

  /** A service of one function, as serverless hands it to a plugin. */
  function serviceOfOne(command: string) {
    const definition: Definition = { handler: HANDLER };
    const serverless = {
      serviceDir: directory,
      processedInput: { commands: command.split(" ") },
      service: {
        getAllFunctions: () => ["invitations"],
        getFunction: () => definition,
      },
    };
    return { definition, serverless };
  }

  test("zips each function before it is packaged, and names the zip as its artifact", async () => {
    const { definition, serverless } = serviceOfOne("package");
    const { hooks } = new BundlePlugin(serverless, {});
    await hooks["before:package:createDeploymentArtifacts"]?.();
    expect(definition.package?.artifact).toBe(join(directory, "dist", "lambda", "invitations.zip"));
    expect((await readFile(definition.package?.artifact ?? "")).byteLength).toBeGreaterThan(0);
  });

  test("bundles a function where serverless looks for it before it is invoked locally", async () => {
    const { serverless } = serviceOfOne("invoke local");
    const options: { function: string; extraServicePath?: string } = { function: "invitations" };
    const { hooks } = new BundlePlugin(serverless, options);
    await hooks["before:invoke:local:invoke"]?.();
    expect(options.extraServicePath).toBe(join("dist", "local"));
    const module = join(directory, "dist", "local", "functions", "invitations.js");
    expect(await readFile(module, "utf8")).toContain("export{");
  });
});
