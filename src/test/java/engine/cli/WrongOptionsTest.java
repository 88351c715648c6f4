package engine.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An option that cannot be is said before anything is read or written. */
final class WrongOptionsTest {
  @TempDir Path temp;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          --batch 0               | --batch must be at least 1, not 0
          --batch many            | --batch must be a whole number, not 'many'
          --bacth 4               | there is no option --bacth; did you mean --batch?
          --lr nan                | --lr must be a number, not 'nan'
          --lr NaN                | --lr must be above 0 and below 1000, not NaN
          --lr 0                  | --lr must be above 0 and below 1000, not 0.0
          --weight-decay -1       | --weight-decay must be 0 or more
          --weight-decay Infinity | --weight-decay must be 0 or more
          --weight-decay-at 40    | --weight-decay-at takes EPOCH:DECAY such as 40:0.1, not '40'
          --weight-decay-at x:y   | not 'x:y'
          --weight-decay-at 4:NaN | not '4:NaN'
          --momentum 1            | --momentum must be at least 0 and below 1, not 1.0
          --image-size 3          | --image-size must be between 8 and 4096, not 3
          --width 0               | --width must be above 0 and at most 16, not 0.0
          --dropout 1             | --dropout must be at least 0 and below 1, not 1.0
          --model resnet49        | there is no model 'resnet49': use one of resnet18, resnet34
          --optimizer sgdd        | must be one of adamw, adam, sgd, not 'sgdd'; did you mean sgd?
          --seed 1 --seed 2 --lr 0 --lr -2 | --lr must be above 0 and below 1000, not -2.0
          --seed 99999999999999999999 | must be a whole number of at most 18 digits
          --json=maybe            | --json must be true or false, not 'maybe'
          --epochs --lr           | --epochs needs a value, not --lr
          --augment-on dvice      | must be one of auto, host, device, not 'dvice'; did you mean device?
          --precision fp16        | has no fp16 convolution; use amp, which is bf16 on this device
          --precision int4        | --precision must be fp32, tf32, amp, bf16 or fp16, not 'int4'
          --optimizer lion        | --optimizer must be one of adamw, adam, sgd, not 'lion'
          --scheduler cosin       | warmup-cosine; did you mean cosine?
          --scheduler step:size=3 | scheduler step has no setting size; it takes
          --scheduler cosine:t_max=0 | scheduler cosine:
          --t-max 0               | scheduler cosine:
          --augment mixup         | --augment must be one of crop, pad, none, not 'mixup'
          --augment-on device --device cpu | --augment-on device needs a GPU: on cpu
          --augment-on device --device sim --policy trivialaugment | cannot do --policy trivialaugment, whose
          --augment-on gpu        | 'gpu'
          --epochs 0              | --epochs must be at least 1, not 0
          --accumulate 0          | --accumulate must be at least 1, not 0
          --val-fraction 1        | --val-fraction must be between 0 and 1, not 1.0
          --workers -1            | --workers must be between 0 and 1024, not -1
          --threads 0             | --threads must be at least 1, not 0
          --seed abc              | --seed must be a whole number, not 'abc'
          """)
  void train(String options, String message) {
    Object[] line = ("train --data " + temp + " --out " + temp + "/run " + options).split(" ");
    CliRun.of(line).assertWrongUsage(message);
  }

  @Test
  void othersToo() {
    CliRun.of("train").assertWrongUsage("--data is missing");
    CliRun.of("eval", "--checkpoint", temp, "--batch", 0).assertWrongUsage("--batch must be");
    CliRun.of("eval", "--checkpoint", temp, "--precision", "fp16").assertWrongUsage("use amp");
    CliRun.of("predict", "--checkpoint", temp, "--precision", "x", "y")
        .assertWrongUsage("fp32, tf32, amp, bf16 or fp16");
    CliRun.of("predict", "--checkpoint", temp, "--top", 0, "y").assertWrongUsage("--top must be");
    CliRun.of("eval").assertWrongUsage("--checkpoint=PATH is missing");
    CliRun.of("predict").assertWrongUsage("--checkpoint=PATH is missing");
    CliRun.of("export").assertWrongUsage("FILE is missing");
    CliRun.of("export", "a.onnx").assertWrongUsage("--checkpoint=PATH is missing");
    CliRun.of("train", "--data", "demo", "--pretrained", "resnet51")
        .assertWrongUsage("no pretrained weights are called 'resnet51'");
    CliRun.of("weights", "fetch", "resnet50", "--mirror", "a b")
        .assertWrongUsage("--mirror cannot be 'a b', which is no address");
    CliRun.of("eval", "--checkpoint", temp, "--tta", "flipp")
        .assertWrongUsage("one of none, flip, five, ten, not 'flipp'; did you mean flip?");
    CliRun.of("bench", "infer", "--precision", "int4").assertWrongUsage("did you mean int8?");
  }

  @Test
  void aCheckpointThatIsNotThereNamesTheNearestOne() throws Exception {
    Files.createDirectories(temp.resolve("runs/photos"));
    CliRun.of("eval", "--checkpoint", temp + "/runs/phtos")
        .assertFails("; did you mean " + temp + "/runs/photos?");
  }

  @Test
  void aResumedRunKeepsItsRecipe() throws Exception {
    CliRun.of("train", "--resume", temp, "--lr", 1).assertFails("there is no run in " + temp);
    CliRun.of("train", "--resume", temp, "--out", temp).assertWrongUsage("leave out --out");
    CliRun.of("train", "--resume").assertWrongUsage("--resume needs the run folder");
    CliRun.of("train", "--resume", temp).assertFails("there is no run in " + temp + " to resume");
    for (String damaged :
        new String[] {
          "", "{", "[1]", "{}", "{\"data\":\"x\",\"model\":\"resnet18\",\"epochs\":-1}"
        }) {
      Files.writeString(temp.resolve("config.json"), damaged);
      CliRun.of("train", "--resume", temp).assertFails(temp + "/config.json is ");
    }
  }
}
