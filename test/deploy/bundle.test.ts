import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, posix } from "node:path";
import { pathToFileURL } from "node:url";
import { unzipSync } from "fflate";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
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
  let files: Readonly<Record<string, Uint8Array>>;
  let module: string;
  beforeAll(async () => {
    files = await bundleFunction(HANDLER, join(directory, "alone"), ".mjs");
    module = join(directory, "alone", "functions", "invitations.mjs");
  });

  const run = (script: string, environment: Readonly<Record<string, string>> = {}) =>
    runProgram(process.execPath, ["--enable-source-maps", "--eval", script], {
      directory,
      environment,
    });

  test("needs nothing beside what was written and exports its handler", async () => {
    const script = `import(${JSON.stringify(pathToFileURL(module).href)}).then((loaded) =>
      console.log(Object.keys(loaded).join(), typeof loaded.handler))`;
    expect(await run(script)).toEqual({ code: 0, stdout: "handler function\n", stderr: "" });
  });

  test("loads every chunk, also those that few events need", async () => {
    const modules = Object.keys(files).filter((path) => path.endsWith(".mjs"));
    const urls = modules.map((path) => pathToFileURL(join(directory, "alone", path)).href);
    expect(urls.length).toBeGreaterThan(1);
    const script = `Promise.all(${JSON.stringify(urls)}.map((url) => import(url))).then((loaded) =>
      console.log(loaded.length))`;
    expect(await run(script)).toEqual({ code: 0, stdout: `${urls.length}\n`, stderr: "" });
  });

  test("holds no module that nothing imports", () => {
    const modules = Object.keys(files).filter((path) => path.endsWith(".mjs"));
    const imported = modules.flatMap((path) => importsOf(path, files, ANY_IMPORT));
    const orphans = modules.filter((path) => !imported.includes(path));
    expect(orphans).toEqual(["functions/invitations.mjs"]);
  });

  test("throws errors whose stack names the lines of the sources", async () => {
    const script = `import(${JSON.stringify(pathToFileURL(module).href)}).then(({ handler }) =>
      handler({ Records: [] }, {})).catch((error) => console.log(error.stack))`;
    const { stdout } = await run(script, { POWERTOOLS_LOG_LEVEL: "SILENT" });
    expect(stdout).toContain("LOGTO_SECRET_ID is not set");
    const frames = [...stdout.matchAll(/at (?<name>\S+) \(.*alone\/(?<file>[^:]+):(?<line>\d+):/g)];
    const [settings, configured] = frames.map(({ groups }) => groups);
    expect(settings?.["file"]).toBe("lib/runtime/settings.ts");
    expect(configured?.["file"]).toBe("lib/logto/configured-client.ts");
    const source = await readFile("lib/logto/configured-client.ts", "utf8");
    const line = source.split("\n")[Number(configured?.["line"]) - 1];
    expect(line).toContain("settings.required(");
  });

  test("holds no path of the machine that built it", () => {
    const root = join(import.meta.dirname, "..", "..");
    for (const [path, contents] of Object.entries(files)) {
      expect(Buffer.from(contents).toString(), path).not.toContain(root);
    }
  });

  test("that does not exist is an error that names it", async () => {
    const building = bundleFunction("functions/missing.handler", directory, ".mjs");
    await expect(building).rejects.toThrow("functions/missing.ts");
  });
});

test.each(["invitations", "role-scopes", "reconcile"])(
  "the bundled function %s reads no chunk of the AWS SDK before it is invoked",
  async (name) => {
    const target = join(directory, "at-start");
    const files = await bundleFunction(`functions/${name}.handler`, target, ".mjs");
    const atStart = new Set<string>();
    const read = (path: string): void => {
      if (atStart.has(path)) return;
      atStart.add(path);
      for (const imported of importsOf(path, files, STATIC_IMPORT)) read(imported);
    };
    read(`functions/${name}.mjs`);
    expect(atStart.size).toBeGreaterThan(1);
    const ofAws = (paths: Iterable<string>) =>
      [...paths].filter((path) => textOf(path, files).includes("x-amz-target"));
    expect(ofAws(Object.keys(files))).not.toEqual([]);
    expect(ofAws(atStart)).toEqual([]);
  },
);

describe("a function's zip", () => {
  test("holds the module where Lambda looks for the handler, with all that was bundled", async () => {
    const { path, bytes } = await zipFunction(HANDLER, join(directory, "zip"));
    const zip = await readFile(path);
    expect(zip.byteLength).toBe(bytes);
    const files = unzipSync(zip);
    expect(Object.keys(files)).toContain("functions/invitations.mjs");
    const bundled = await bundleFunction(HANDLER, join(directory, "zip"), ".mjs");
    expect(Object.keys(files).toSorted()).toEqual(Object.keys(bundled).toSorted());
    for (const [name, zipped] of Object.entries(files)) {
      const written = await readFile(join(directory, "zip", name));
      expect(Buffer.from(zipped).equals(written), name).toBe(true);
    }
  });

  test("holds source maps of this project's files alone, without their text", async () => {
    const { path } = await zipFunction(HANDLER, join(directory, "zip"));
    const maps = Object.entries(unzipSync(await readFile(path)))
      .filter(([name]) => name.endsWith(".map"))
      .map(([, contents]) => JSON.parse(Buffer.from(contents).toString()));
    const sources = maps.flatMap((map) => map.sources);
    expect(sources).toContain("../lib/logto/client.ts");
    expect(sources.filter((source) => source.includes("node_modules"))).toEqual([]);
    expect(maps.flatMap((map) => map.sourcesContent ?? [])).toEqual([]);
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
  type Definition = {
    handler: string;
    environment?: Record<string, unknown>;
    package?: { artifact: string };
  };

  class ServerlessError extends Error {
    readonly code: string;
    constructor(message: string, code: string) {
      super(message);
      this.code = code;
    }
  }

  const NAMING_AWS = ["AWS_ENDPOINT_URL", "AWS_PROFILE", "AWS_ACCESS_KEY_ID"];

  /** A service of one function, as serverless hands it to a plugin. */
  function serviceOfOne(command: string, environment: Record<string, unknown> = {}) {
    const definition: Definition = { handler: HANDLER, environment };
    const serverless = {
      serviceDir: directory,
      processedInput: { commands: command.split(" ") },
      getProvider: () => ({ getDeploymentPrefix: () => "serverless", getStage: () => "dev" }),
      classes: { Error: ServerlessError },
      service: {
        service: "onboarding",
        package: {},
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

  describe("before a function is invoked locally, and no stack runs on this machine", () => {
    const initialize = (options: { stage?: string; "aws-profile"?: string } = {}) =>
      new BundlePlugin(serviceOfOne("invoke local").serverless, options).hooks["initialize"]?.();
    beforeEach(() => {
      vi.stubEnv("LOCAL_STACK_FILE", join(directory, "no-stack.json"));
      for (const name of NAMING_AWS) vi.stubEnv(name, undefined);
    });
    afterEach(() => vi.unstubAllEnvs());

    test("says so in one sentence", async () => {
      await expect(initialize()).rejects.toBeInstanceOf(ServerlessError);
      await expect(initialize()).rejects.toThrow(
        "No local stack is running: start one with npm start, or name a deployed one with --stage.",
      );
    });

    test.each(NAMING_AWS)("leaves it to serverless where %s is set", async (name) => {
      vi.stubEnv(name, "own");
      await expect(initialize()).resolves.toBeUndefined();
    });

    test("leaves it to serverless where a stage or a profile is named", async () => {
      await expect(initialize({ stage: "prod" })).resolves.toBeUndefined();
      await expect(initialize({ "aws-profile": "own" })).resolves.toBeUndefined();
    });
  });

  describe("zips a function that reads a declaration", () => {
    const file = "role-scopes.test.yml";
    const zip = async (setting: string) => {
      const { definition, serverless } = serviceOfOne("package", { ROLE_SCOPES_FILE: setting });
      await new BundlePlugin(serverless, {}).hooks["before:package:function:package"]?.();
      return unzipSync(await readFile(definition.package?.artifact ?? ""));
    };
    afterEach(() => rm(join(directory, file), { force: true }));

    test("with it", async () => {
      const text = "roles:\n  editor:\n    https://api.example.com: [read]\n";
      await writeFile(join(directory, file), text);
      const files = await zip(`./${file}`);
      expect(Buffer.from(files[file] ?? []).toString()).toBe(text);
    });

    test("without it where it is not there: no role is managed then", async () => {
      expect(Object.keys(await zip(file))).not.toContain(file);
    });

    test("not while there is a mistake in it, which is told with its place", async () => {
      await writeFile(join(directory, file), "roles:\n  editor:\n    prun: true\n");
      const zipping = zip(file);
      await expect(zipping).rejects.toBeInstanceOf(ServerlessError);
      await expect(zipping).rejects.toThrow(`${file}:3:5: "prun" is neither prune nor`);
    });

    test.each(["../role-scopes.yml", "/etc/hosts"])(
      "not with one that no zip can hold: %s",
      async (setting) => {
        await expect(zip(setting)).rejects.toThrow("below the directory of serverless.yml");
      },
    );
  });
});

type Files = Readonly<Record<string, Uint8Array>>;

const STATIC_IMPORT = /\bimport(?:[^"()]*from)?"(?<file>\.[^"]+)"/g;
const ANY_IMPORT = /\bimport(?:[^"()]*from)?\(?"(?<file>\.[^"]+)"/g;

const textOf = (path: string, files: Files): string => Buffer.from(files[path] ?? "").toString();

/** Paths of what a module of the bundle imports. */
const importsOf = (path: string, files: Files, pattern: RegExp): readonly string[] =>
  [...textOf(path, files).matchAll(pattern)].map(({ groups }) =>
    posix.join(posix.dirname(path), groups?.["file"] ?? ""),
  );
