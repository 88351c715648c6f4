"""Wrote thin_resnet18.pth: torchvision's ResNet-18 with 2 to 16 channels and 10 classes, random weights."""
import torch
from torchvision.models.resnet import BasicBlock, ResNet

torch.manual_seed(18)


class Thin(ResNet):
    """A ResNet whose stages have 1/32 of the usual channels."""

    def __init__(self):
        torch.nn.Module.__init__(self)
        self._norm_layer = torch.nn.BatchNorm2d
        self.inplanes = 2
        self.dilation = 1
        self.groups = 1
        self.base_width = 64
        self.conv1 = torch.nn.Conv2d(3, 2, 7, 2, 3, bias=False)
        self.bn1 = torch.nn.BatchNorm2d(2)
        self.relu = torch.nn.ReLU(inplace=True)
        self.maxpool = torch.nn.MaxPool2d(3, 2, 1)
        for i, stride in enumerate((1, 2, 2, 2)):
            setattr(self, f"layer{i + 1}", self._make_layer(BasicBlock, 2 << i, 2, stride))
        self.avgpool = torch.nn.AdaptiveAvgPool2d(1)
        self.fc = torch.nn.Linear(16, 10)


torch.save(Thin().state_dict(), "thin_resnet18.pth")
