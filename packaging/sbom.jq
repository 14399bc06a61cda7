# `cargo metadata` as an SBOM, CycloneDX 1.5: what is built into the program, with licences and dependencies. Crates
# for tests and for the build itself are not in it. `$time` is in seconds since the epoch, `$tree` the output of
# `cargo tree`: `cargo metadata` also has the crates of features that only tests use.

# The older form with a slash means the same as OR.
def expression: gsub(" */ *"; " OR ");
def purl: "pkg:cargo/\(.name)@\(.version)";

(.packages | map({key: .id, value: .}) | from_entries) as $packages
| (.resolve.nodes
   | map({key: .id, value: [.deps[] | select(any(.dep_kinds[]; .kind == null)) | .pkg]})
   | from_entries) as $edges
| (.packages[] | select(.name == "tdx-rt" and .source == null)) as $root
| ([$tree | split("\n")[] | split(" ")[0:2] | join(" ")] | unique) as $built
| def is_built: "\(.name) v\(.version)" as $crate | any($built[]; . == $crate);
  [.packages[] | select(is_built)]
| sort_by(.name, .version)
| . as $all
| {
    bomFormat: "CycloneDX",
    specVersion: "1.5",
    version: 1,
    metadata: {
      timestamp: ($time | todate),
      component: {
        type: "application",
        "bom-ref": ($root | purl),
        name: $root.name,
        version: $root.version,
        purl: ($root | purl),
        description: $root.description,
        licenses: [{expression: ($root.license | expression)}]
      }
    },
    components: [
      $all[] | select(.id != $root.id) | {
        type: "library",
        "bom-ref": purl,
        name,
        version,
        purl: purl,
        scope: "required"
      }
      + (if .license then {licenses: [{expression: (.license | expression)}]} else {} end)
      + (if .repository then {externalReferences: [{type: "vcs", url: .repository}]} else {} end)
    ],
    dependencies: [
      $all[] | {ref: purl, dependsOn: ([$edges[.id][] | $packages[.] | select(is_built) | purl] | unique)}
    ]
  }
