package engine.data.demo;

import java.util.Locale;
import java.util.function.Consumer;

/** The ten classes and who draws them. */
enum Scene {
  BEACH(BeachScene::paint),
  CITY(CityScene::paint),
  DESERT(DesertScene::paint),
  FOREST(ForestScene::paint),
  GLACIER(GlacierScene::paint),
  GOBI(GobiScene::paint),
  GRASSLAND(GrasslandScene::paint),
  LAKE(LakeScene::paint),
  MOUNTAIN(MountainScene::paint),
  SKY(SkyScene::paint);

  private final Consumer<Shot> painter;

  Scene(Consumer<Shot> painter) {
    this.painter = painter;
  }

  void paint(Shot shot) {
    painter.accept(shot);
  }

  /** The name of the class and its folder. */
  String className() {
    return name().toLowerCase(Locale.ROOT);
  }
}
