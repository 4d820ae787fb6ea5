package io.caravan.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The file of a model, or the files of a split one: {@code name-00001-of-00003.gguf}.
 *
 * @param stem the name that all parts share, without {@code .gguf}
 * @param parts in their order; empty places are null
 */
record ModelFile(String stem, List<Path> parts) {

  private static final Pattern PART = Pattern.compile("(.+)-(\\d{5})-of-(\\d{5})");

  /** Sizes and times of all parts: as long as they stay, so does what was read. */
  record Stamp(List<Long> sizes, List<FileTime> times) {

    long bytes() {
      return sizes.stream().mapToLong(Long::longValue).sum();
    }

    FileTime newest() {
      return times.stream().max(FileTime::compareTo).orElseThrow();
    }
  }

  /** Puts the parts of split models together; a model has the folder of its first file. */
  static List<ModelFile> group(List<Path> files) {
    Map<String, ModelFile> groups = new HashMap<>();
    var models = new ArrayList<ModelFile>();
    for (var file : files) {
      var name = file.getFileName().toString();
      var stem = name.substring(0, name.length() - ModelFolders.SUFFIX.length());
      var part = PART.matcher(stem);
      if (!part.matches() || !isPart(part.group(2), part.group(3))) {
        models.add(new ModelFile(stem, Collections.singletonList(file)));
        continue;
      }
      int of = Integer.parseInt(part.group(3));
      var key = file.getParent() + "/" + part.group(1) + "/" + of;
      var group =
          groups.computeIfAbsent(
              key,
              k -> new ModelFile(part.group(1), new ArrayList<>(Collections.nCopies(of, null))));
      if (group.parts.stream().allMatch(Objects::isNull)) models.add(group);
      group.parts.set(Integer.parseInt(part.group(2)) - 1, file);
    }
    return models;
  }

  private static boolean isPart(String number, String of) {
    int parts = Integer.parseInt(of);
    return parts <= 1000 && Integer.parseInt(number) >= 1 && Integer.parseInt(number) <= parts;
  }

  /** The first file that is there. */
  Path first() {
    return parts.stream().filter(Objects::nonNull).findFirst().orElseThrow();
  }

  /** The sizes and times as they are now; throws if a file has gone. */
  Stamp stamp() throws IOException {
    var sizes = new ArrayList<Long>();
    var times = new ArrayList<FileTime>();
    for (var part : parts) {
      if (part == null) continue;
      var now = Files.readAttributes(part, BasicFileAttributes.class);
      sizes.add(now.size());
      times.add(now.lastModifiedTime());
    }
    return new Stamp(sizes, times);
  }

  /**
   * Reads the headers of all parts.
   *
   * @throws GgufException if the model is no GGUF model, a truncated or damaged one, or lacks parts
   */
  Gguf read() throws IOException {
    int missing = parts.indexOf(null) + 1;
    if (missing > 0) {
      throw new GgufException("part " + missing + " of " + parts.size() + " is missing");
    }
    var gguf = Gguf.read(parts.get(0));
    if (gguf.parts() != parts.size()) {
      throw new GgufException(
          "it is one of " + gguf.parts() + " parts, the files are named as " + parts.size());
    }
    for (var part : parts.subList(1, parts.size())) gguf = gguf.plus(Gguf.Part.read(part));
    return gguf;
  }
}
