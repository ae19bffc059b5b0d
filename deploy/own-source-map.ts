import { decode, encode, type SourceMapSegment } from "@jridgewell/sourcemap-codec";

/** A source map, version 3, without the text of its sources. */
export type SourceMap = {
  readonly version: 3;
  readonly sources: readonly string[];
  readonly names: readonly string[];
  readonly mappings: string;
};

/**
 * The part of a bundle's source map that leads to this project's own files. Nine tenths of a map are
 * about packages, and a zip is loaded with every cold start: a frame in a package keeps its function's
 * name and its place in the bundle.
 *
 * @param isOwn whether a source, as the map names it, is one of this project.
 * @param rename what the map is to call an own source.
 * @returns `undefined` where no own file is in the bundle.
 */
export function ownSourceMap(
  map: SourceMap,
  isOwn: (source: string) => boolean,
  rename: (source: string) => string,
): SourceMap | undefined {
  const own = map.sources.filter(isOwn);
  if (own.length === 0) return undefined;
  const ownIndexes = new Map(own.map((source, index) => [map.sources.indexOf(source), index]));
  return {
    version: 3,
    sources: own.map(rename),
    names: [],
    mappings: encode(decode(map.mappings).map((line) => ownSegments(line, ownIndexes))),
  };
}

/** Where a package's code begins stands one segment that leads nowhere, or it would pass for own code. */
function ownSegments(
  line: readonly SourceMapSegment[],
  ownIndexes: ReadonlyMap<number, number>,
): SourceMapSegment[] {
  const kept: SourceMapSegment[] = [];
  for (const [column, source, sourceLine, sourceColumn] of line) {
    const index = source === undefined ? undefined : ownIndexes.get(source);
    if (index !== undefined && sourceLine !== undefined && sourceColumn !== undefined) {
      kept.push([column, index, sourceLine, sourceColumn]);
    } else if (kept.at(-1)?.length !== 1) {
      kept.push([column]);
    }
  }
  return kept;
}
