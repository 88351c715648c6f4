"""Makes reference.tfevents: the events of TensorBoardEventsTest, by TensorBoard's own writer.

    python3 reference_events.py            (tensorboard 2.21)
"""
import struct
from tensorboard.compat.proto import event_pb2, summary_pb2, tensor_pb2, tensor_shape_pb2, types_pb2
from tensorboard.summary.writer.record_writer import RecordWriter

T = 1700000000.25
S = summary_pb2.Summary
plugin = summary_pb2.SummaryMetadata(plugin_data=summary_pb2.SummaryMetadata.PluginData(plugin_name="text"))
text = tensor_pb2.TensorProto(
    dtype=types_pb2.DT_STRING, string_val=["**lr** 3e-4 – ü".encode()],
    tensor_shape=tensor_shape_pb2.TensorShapeProto(dim=[tensor_shape_pb2.TensorShapeProto.Dim(size=1)]))
values = [
    [S.Value(tag="loss/train", simple_value=0.625), S.Value(tag="lr", simple_value=3e-4)],
    [S.Value(tag="augmented/0", image=S.Image(height=2, width=300, colorspace=3, encoded_image_string=bytes(range(256))))],
    [S.Value(tag="weights/fc", histo=summary_pb2.HistogramProto(
        min=-1, max=3, num=6, sum=4.5, sum_squares=14.25,
        bucket_limit=[0, 1, 2, 3], bucket=[1, 2, 2, 1]))],
    [S.Value(tag="config", metadata=plugin, tensor=text)],
]
with open("reference.tfevents", "wb") as f:
    w = RecordWriter(f)
    w.write(event_pb2.Event(wall_time=T, file_version="brain.Event:2").SerializeToString())
    w.write(event_pb2.Event(wall_time=T, step=7, session_log=event_pb2.SessionLog(status=event_pb2.SessionLog.START)).SerializeToString())
    for v in values:
        w.write(event_pb2.Event(wall_time=T, step=123456789012, summary=S(value=v)).SerializeToString())
