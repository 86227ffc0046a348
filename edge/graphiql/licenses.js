import { existsSync, readdirSync, readFileSync } from "node:fs";

/** Adds the licenses of the packages that GraphiQL is made of, which want to go wherever it goes. */
export function licenses() {
  return {
    name: "licenses",
    generateBundle() {
      this.emitFile({ type: "asset", name: "licenses.txt", source: licensesOfPackages().join("\n\n") });
    },
  };
}

function licensesOfPackages() {
  const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8"));
  return Object.entries(packages)
    .filter(([folder, { dev }]) => folder && !dev && existsSync(folder))
    .map(([folder, { version, license }]) => `${folder.split("node_modules/").pop()} ${version}, ${license}\n${textIn(folder)}`);
}

function textIn(folder) {
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  return file ? readFileSync(`${folder}/${file}`, "utf8") : "";
}
